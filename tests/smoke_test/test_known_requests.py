"""What models are known to answer."""

from __future__ import annotations

import pytest

from sagemaker_model import ReadyHandlers
from sagemaker_model.code_folder.ready_handlers import ready_handler
from sagemaker_model.engine.engines import ENGINES as ALL
from sagemaker_model.smoke_test.known_requests import (
    ENGINES,
    TASKS,
    known_of_engine,
    known_of_handler,
)


def test_every_engine_is_known_or_needs_a_task() -> None:
    assert {engine.name for engine in ALL} - {"toolkit"} == set(ENGINES)


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_an_engine_that_refuses_a_request_is_there(engine: str) -> None:
    assert "refused" in ENGINES[engine].tolerated


def test_a_pipeline_is_known_by_its_task() -> None:
    known = known_of_engine("toolkit", "huggingface", {"HF_TASK": "ner"}, of_the_hub=True)

    assert known is not None
    assert known.requests == (TASKS["ner"],)
    # It answers 400 where the model did not load, too.
    assert known.tolerated == ()


@pytest.mark.parametrize("task", ["translation", "fill-mask", "image-classification", "typo", ""])
def test_a_task_whose_models_want_different_requests_is_not(task: str) -> None:
    assert known_of_engine("toolkit", None, {"HF_TASK": task}, of_the_hub=True) is None


def test_nor_is_a_folder_that_may_hold_code() -> None:
    assert known_of_engine("toolkit", None, {"HF_TASK": "ner"}, of_the_hub=False) is None


def test_nor_what_answers_with_images_and_sound() -> None:
    assert known_of_engine("vllm", "vllm-omni", {}, of_the_hub=True) is None


def test_of_several_models_a_ready_handler_is_asked_for_one() -> None:
    known = known_of_handler("embeddings", ["org/one", "org/two"], {})

    assert known is not None
    assert [request["model"] for request in known.requests] == ["org/one"]


def test_a_handler_of_both_kinds_is_asked_for_either() -> None:
    known = known_of_handler("embeddings_and_cross_encoder", ["org/one"], {})

    assert known is not None
    assert [request["type"] for request in known.requests] == ["embeddings", "cross-encoder"]


@pytest.mark.parametrize(
    "folder",
    [
        ReadyHandlers.CROSS_ENCODER,
        ReadyHandlers.EMBEDDINGS,
        ReadyHandlers.EMBEDDINGS_AND_CROSS_ENCODER,
    ],
    ids=["cross encoder", "embeddings", "both"],
)
def test_a_ready_handler_is_known(folder: str) -> None:
    assert known_of_handler(str(ready_handler(folder)), ["org/name"], {}) is not None


def test_the_handler_of_pipelines_is_known_by_its_task() -> None:
    handler = str(ready_handler(ReadyHandlers.PIPELINE))

    assert known_of_handler(handler, ["org/name"], {}) is None
    assert known_of_handler(handler, ["org/name"], {"HF_TASK": "ner"}) is not None


def test_any_other_folder_is_none() -> None:
    assert ready_handler("tests/smoke_test") is None
