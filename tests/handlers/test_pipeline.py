"""Any pipeline by the real toolkit: the same as transformers' own, with errors that help."""

from __future__ import annotations

import importlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from handlers.conftest import Deploy

numpy: Any = importlib.import_module("numpy")
transformers: Any = importlib.import_module("transformers")

TEXTS = ["I like it", "I do not like it at all"]


def test_the_task_comes_from_the_models_architecture(deploy: Deploy, reranker: Path) -> None:
    answer = deploy("pipeline", reranker).answer({"inputs": TEXTS})

    expected = transformers.pipeline("text-classification", model=str(reranker))(TEXTS)
    assert [found["label"] for found in answer] == [found["label"] for found in expected]
    scores = [found["score"] for found in expected]
    assert [found["score"] for found in answer] == pytest.approx(scores, abs=1e-5)


def test_parameters_are_the_pipelines_own(deploy: Deploy, reranker: Path) -> None:
    body = {"inputs": TEXTS[0], "parameters": {"function_to_apply": "none"}}

    answer = deploy("pipeline", reranker).answer(body)

    run = transformers.pipeline("text-classification", model=str(reranker))
    expected = run(TEXTS[0], function_to_apply="none")[0]["score"]
    assert answer[0]["score"] == pytest.approx(expected, abs=1e-5)


def test_hf_task_decides(deploy: Deploy, minilm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TASK", "feature-extraction")

    answer = deploy("pipeline", minilm).answer({"inputs": TEXTS[0]})

    expected = transformers.pipeline("feature-extraction", model=str(minilm))(TEXTS[0])
    assert numpy.abs(numpy.subtract(answer, expected)).max() < 1e-5


def test_a_body_without_inputs_is_the_input(
    deploy: Deploy, minilm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TASK", "question-answering")

    answer = deploy("pipeline", minilm).answer(
        {"question": "who sat", "context": "the cat sat on the mat", "parameters": {"top_k": 2}}
    )

    assert len(answer) == 2
    assert {"answer", "start", "end", "score"} <= set(answer[0])


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "'inputs' is missing or empty; give what the pipeline is to work on"),
        ({"inputs": []}, "'inputs' is missing or empty; give what the pipeline is to work on"),
        ({"inputs": "a", "parameters": [1]}, "'parameters' is a list; give an object"),
        ({"inputs": "a", "top_k": 2}, "field 'top_k' stands beside 'inputs'; options go into"),
        ({"inputs": 7}, "the text-classification pipeline can't do this: "),
        ({"inputs": "a", "parameters": {"padding": 7}}, "pipeline can't do this: ValueError"),
        (["a"], "the body is a list; send an object"),
    ],
)
def test_a_request_that_is_not_understood_is_told_why(
    body: object, told: str, deploy: Deploy, reranker: Path
) -> None:
    assert told in deploy("pipeline", reranker).refusal(body)


def test_a_task_that_this_release_has_not_names_those_that_it_has(
    deploy: Deploy, minilm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TASK", "telepathy")

    told = deploy("pipeline", minilm).refusal({"inputs": "a"})

    assert "no pipeline for the task 'telepathy'" in told
    assert "text-classification" in told


@pytest.mark.parametrize(
    ("names", "told"),
    [(["Novel"], "architecture 'Novel' is unknown here"), (None, "no config.json says")],
)
def test_a_model_whose_task_cannot_be_told_needs_hf_task(
    names: list[str] | None, told: str, deploy: Deploy, minilm: Path, tmp_path: Path
) -> None:
    shutil.copytree(minilm, tmp_path / "other")
    config = json.loads((minilm / "config.json").read_text()) | {"architectures": names}
    (tmp_path / "other" / "config.json").write_text(json.dumps(config))

    refusal = deploy("pipeline", tmp_path / "other").refusal({"inputs": "a"})

    assert told in refusal
    assert "set the endpoint's HF_TASK" in refusal
