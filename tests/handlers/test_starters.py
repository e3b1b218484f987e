"""What ``init --custom`` starts code from answers by the real toolkit as it is."""

from __future__ import annotations

import importlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from handlers.conftest import HANDLERS, Endpoint, make_read_only

transformers: Any = importlib.import_module("transformers")

STARTERS = HANDLERS.with_name("constructs") / "sagemaker_model/project/starters"
TEXTS = ["I like it", "I do not like it at all"]
pytestmark = pytest.mark.usefixtures("_clean_interpreter")


def serve(starter: str, folder: Path, *models: Path) -> Endpoint:
    for model in models:
        shutil.copytree(model, folder, dirs_exist_ok=True)
    shutil.copytree(STARTERS / starter / "code", folder / "code")
    make_read_only(folder)
    return Endpoint(folder)


def test_the_pipeline_answers_as_transformers_own(reranker: Path, tmp_path: Path) -> None:
    endpoint = serve("pipeline", tmp_path / "model", reranker)
    parameters = {"function_to_apply": "none"}

    answer = endpoint.answer({"inputs": TEXTS, "parameters": parameters})

    expected = transformers.pipeline("text-classification", model=str(reranker))(
        TEXTS, **parameters
    )
    assert [found["score"] for found in answer] == pytest.approx(
        [found["score"] for found in expected], abs=1e-5
    )


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "'inputs' is missing or empty"),
        ({"inputs": "a", "parameters": 7}, "'parameters' is a int"),
        (["a"], "the body is a list"),
    ],
    ids=["nothing", "parameters", "list"],
)
def test_the_pipeline_says_what_is_wrong_with_a_request(
    body: object, told: str, reranker: Path, tmp_path: Path
) -> None:
    assert told in serve("pipeline", tmp_path / "model", reranker).refusal(body)


def test_the_skeleton_answers_its_own_example(tmp_path: Path) -> None:
    endpoint = serve("skeleton", tmp_path / "model", STARTERS / "skeleton" / "model")
    example = json.loads((STARTERS / "skeleton/examples/two_texts.json").read_text())

    assert endpoint.answer(example["payload"]) == example["answer"]
    assert "'inputs' is missing" in endpoint.refusal({})
