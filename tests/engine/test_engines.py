"""Which engine serves in which image."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import sagemaker_model.engine
from sagemaker_model.engine.engines import ENGINES, find_engine, try_find_engine
from sagemaker_model.image.table import records

FOLDER = Path(sagemaker_model.engine.__path__[0])
# Families in which no engine serves that can be told of a Hugging Face model by variables.
WITHOUT_ENGINE = {
    "djl-deepspeed",
    "djl-fastertransformer",
    "djl-neuronx",
    "pytorch",
    "ray-serve",
    "sagemaker-tritonserver",
    "stabilityai",
    "whisperx",
}


@pytest.mark.parametrize(
    ("family", "name"),
    [
        ("huggingface-llm", "tgi"),
        ("huggingface-llm-neuronx", "tgi-neuron"),
        ("djl-lmi", "lmi"),
        ("djl-tensorrtllm", "lmi-tensorrtllm"),
        ("vllm", "vllm"),
        ("vllm-server", "vllm"),
        ("vllm-omni", "vllm"),
        ("huggingface-vllm", "huggingface-vllm"),
        ("huggingface-vllm-omni", "huggingface-vllm"),
        ("huggingface-vllm-neuronx", "huggingface-vllm-neuron"),
        ("sglang", "sglang"),
        ("sglang-server", "sglang"),
        ("huggingface-sglang", "huggingface-sglang"),
        ("huggingface-tei", "tei"),
        ("huggingface-tei-cpu", "tei"),
        ("huggingface", "toolkit"),
        ("huggingface-neuronx", "toolkit"),
        ("llama-cpp", "llama-cpp"),
    ],
)
def test_an_image_family_has_its_engine(family: str, name: str) -> None:
    assert find_engine(family).name == name


def test_an_engine_is_found_by_its_own_name() -> None:
    assert [find_engine(engine.name) for engine in ENGINES] == list(ENGINES)


def test_no_two_engines_share_a_name_or_a_family() -> None:
    names = [name for engine in ENGINES for name in {engine.name, *engine.families}]

    assert len(names) == len(set(names))


def test_every_family_of_the_image_table_has_an_engine_or_is_known_to_have_none() -> None:
    families = {image.family for image in records()}

    assert {family for family in families if try_find_engine(family) is None} == WITHOUT_ENGINE


def test_an_unknown_engine_names_the_closest_one_and_all_there_are() -> None:
    with pytest.raises(ValueError, match=r"'vlm' is not known; did you mean 'vllm'.*sglang"):
        find_engine("vlm")


@pytest.mark.parametrize("name", [None, "", "triton"])
def test_trying_to_find_no_engine_gives_none(name: str | None) -> None:
    assert try_find_engine(name) is None


def test_the_engines_can_be_used_without_the_cdk() -> None:
    roots = {
        name.split(".")[0]
        for file in FOLDER.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in imported(node)
    }

    assert not roots & {"aws_cdk", "constructs", "jsii"}
    assert "sagemaker_model" in roots


def imported(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [name.name for name in names]
        case ast.ImportFrom(module=str(module)):
            return [module]
        case _:
            return []
