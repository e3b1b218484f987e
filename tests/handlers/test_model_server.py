"""The real multi-model-server, which SageMaker's containers run, with a handler on loopback."""

from __future__ import annotations

import importlib
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from handlers.conftest import lay_out, listing
from handlers.model_server import model_server

numpy: Any = importlib.import_module("numpy")
sentence_transformers: Any = importlib.import_module("sentence_transformers")

TEXTS = ["a text", "and one that is longer", "third"]
Post = Callable[[object], Any]


@pytest.fixture(scope="module")
def post(minilm: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """Return a function that asks a server with the handler for embeddings."""
    home = tmp_path_factory.mktemp("server")
    folder = lay_out(home / "model", "embeddings", minilm)
    before = listing(folder)
    with model_server(Path(sys.executable), folder, home / "server") as port:

        def ask(body: object) -> Any:
            url = f"http://127.0.0.1:{port}/invocations"
            headers = {"Content-Type": "application/json"}
            request = urllib.request.Request(url, json.dumps(body).encode(), headers)
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)

        yield ask
    assert listing(folder) == before


def test_answers_over_http_are_those_of_sentence_transformers(post: Post, minilm: Path) -> None:
    answer = post({"inputs": TEXTS})

    expected = sentence_transformers.SentenceTransformer(str(minilm), device="cpu").encode(TEXTS)
    assert numpy.abs(answer - expected).max() < 1e-5


def test_a_mistake_reaches_the_caller_as_a_status_of_400_with_the_reason(post: Post) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        post({"inputs": []})

    assert caught.value.code == 400
    message = json.load(caught.value)["message"]
    assert message == "'inputs' is empty; give at least one string"
