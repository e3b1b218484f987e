"""Inference code to start from: what the toolkit calls is there, and the examples can be asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from fit.recorded import models
from sagemaker_model.code_folder.inference_code import read_inference_code
from sagemaker_model.example.example_file import find_examples, read_example
from sagemaker_model.model_lock.locked_model import LockedModel
from sagemaker_model.model_lock.model_config import ModelConfig
from sagemaker_model.project.folder import write_files
from sagemaker_model.project.starter import SKELETON, Starter, choose_starter
from sagemaker_model.project.task import PIPELINE_TASKS, pipeline_of

STARTERS = [
    SKELETON,
    Starter(name="embeddings", why=""),
    Starter(name="cross_encoder", why=""),
    *(Starter(name="pipeline", pipeline=task, why="") for task in sorted(PIPELINE_TASKS)),
]


@pytest.mark.parametrize("starter", STARTERS, ids=lambda each: each.pipeline or each.name)
def test_each_has_what_the_toolkit_calls_and_examples(starter: Starter, tmp_path: Path) -> None:
    write_files(tmp_path, starter.files())

    code = read_inference_code(tmp_path / "code")
    assert {"model_fn", "predict_fn"} <= code.functions.keys()
    assert code.requirements.packages == ()
    assert len([name for name in code.files if name.endswith(".py")]) > 1
    examples = [read_example(path) for path in find_examples(tmp_path / "examples")]
    assert 400 in {each.status for each in examples}


@pytest.mark.parametrize("task", ["fill-mask", "translation"])
def test_the_pipeline_is_that_of_the_task(task: str) -> None:
    text = Starter(name="pipeline", pipeline=task, why="").files()["code/inference.py"]

    assert f'\nTASK = "{task}"\n' in text


@pytest.mark.parametrize(
    ("model_id", "name", "pipeline"),
    [
        ("sentence-transformers/all-MiniLM-L6-v2", "embeddings", None),
        ("Qwen/Qwen2.5-0.5B-Instruct", "pipeline", "text-generation"),
        ("google-bert/bert-base-uncased", "pipeline", "fill-mask"),
    ],
)
def test_the_code_follows_from_the_task(model_id: str, name: str, pipeline: str | None) -> None:
    chosen = choose_starter(models()[model_id])

    assert (chosen.name, chosen.pipeline) == (name, pipeline)


def test_a_reranker_starts_from_the_cross_encoder() -> None:
    config = ModelConfig(architectures=("BertForSequenceClassification",), model_type="bert")
    model = LockedModel(id="org/name", commit="0" * 40, pipeline_tag="text-ranking", config=config)

    assert choose_starter(model).name == "cross_encoder"


def test_what_no_pipeline_does_is_said() -> None:
    chosen = choose_starter(models()["stabilityai/stable-diffusion-2-1"])

    assert "no pipeline for text-to-image" in chosen.why


def test_every_task_of_a_pipeline_has_a_pipeline() -> None:
    assert [task for task in PIPELINE_TASKS if pipeline_of(task) != task] == []
