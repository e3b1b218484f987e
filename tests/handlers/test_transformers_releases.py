"""The handlers on other releases of transformers than the one that the toolkit runs with here."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from handlers.conftest import HANDLERS, Deploy
from made_by_make import llm_python

numpy: Any = importlib.import_module("numpy")

# The toolkit of PyPI can't be imported with transformers 5, which newer images carry with one
# that is not published: here its part is played by calling the functions as it calls them.
CALL = """
import json, sys, warnings
sys.path[:0] = sys.argv[1:3]
import transformers
warnings.simplefilter("error")
import inference
body = json.load(sys.stdin)
answer = inference.predict_fn(body, inference.model_fn(sys.argv[3], None))
print(json.dumps([transformers.__version__, answer]))
"""
WITH_LANGUAGE_MODELS = "5.5.3"
RELEASES = ["4.57.6", WITH_LANGUAGE_MODELS]


def packages_of(release: str) -> Path:
    """Return the folder of packages that a release is installed in."""
    if release != WITH_LANGUAGE_MODELS:
        return Path(sys.prefix) / f"transformers-{release}"
    (packages,) = llm_python().parents[1].glob("lib/python*/site-packages")
    return packages


def answer_of(release: str, handler: str, model: Path, body: object) -> Any:
    packages = packages_of(release)
    code = HANDLERS / handler / "code"
    done = subprocess.run(
        [sys.executable, "-B", "-c", CALL, str(packages), str(code), str(model)],
        input=json.dumps(body),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    version, answer = json.loads(done.stdout)
    assert version == release
    return answer


@pytest.mark.parametrize("release", RELEASES)
def test_embeddings_are_the_same(release: str, deploy: Deploy, minilm: Path) -> None:
    body = {"inputs": ["a text", "and one that is longer", "third"]}

    answer = answer_of(release, "embeddings", minilm, body)

    assert numpy.abs(numpy.subtract(answer, deploy("embeddings", minilm).answer(body))).max() < 1e-5


@pytest.mark.parametrize("release", RELEASES)
def test_scores_are_the_same(release: str, deploy: Deploy, reranker: Path) -> None:
    body = {"query": "a text", "passages": ["a text", "and one that is longer", "third"]}

    answer = answer_of(release, "cross_encoder", reranker, body)

    assert (
        numpy.abs(numpy.subtract(answer, deploy("cross_encoder", reranker).answer(body))).max()
        < 1e-5
    )


@pytest.mark.parametrize("release", RELEASES)
def test_pipelines_answer_the_same(release: str, deploy: Deploy, reranker: Path) -> None:
    body = {"inputs": ["a text", "third"], "parameters": {"top_k": 1}}

    answer = answer_of(release, "pipeline", reranker, body)

    assert [found[0]["score"] for found in answer] == pytest.approx(
        [found[0]["score"] for found in deploy("pipeline", reranker).answer(body)], abs=1e-5
    )
