"""What is known of a model from a lock file is checked when the app is synthesized."""

from __future__ import annotations

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk.assertions import Annotations, Match

from sagemaker_model import Container, ContainerImage, Hardware, SageMakerModel
from sagemaker_model.model_lock.lock import ModelLock
from sagemaker_model.model_lock.locked_model import LockedModel
from sagemaker_model.model_lock.model_config import ModelConfig

COMMIT = "a09a35458c702b33eeacc393d103063234e8bc28"
LLAMA = LockedModel(
    id="meta-llama/Llama-3.1-8B-Instruct",
    commit=COMMIT,
    licence="llama3.1",
    pipeline_tag="text-generation",
    parameters={"BF16": 8_030_261_248},
    chat_template=True,
    config=ModelConfig(
        architectures=("LlamaForCausalLM",),
        model_type="llama",
        dtype="bfloat16",
        hidden_size=4096,
        num_hidden_layers=32,
        num_attention_heads=32,
        num_key_value_heads=8,
        max_position_embeddings=131_072,
    ),
)
LOCK = ModelLock(models={LLAMA.id: LLAMA})


def deploy(instance_type: str | Hardware, lock: ModelLock | None = LOCK) -> tuple[App, Stack]:
    app = App()
    stack = Stack(app, "Chat", env=Environment(region="us-east-1"))
    model = Container(
        model_id=LLAMA.id,
        instance_type=instance_type,
        container=ContainerImage.of("huggingface-vllm", version="0.29.0"),
    )
    SageMakerModel(stack, "Model", model=model, lock=lock)
    return app, stack


def test_a_context_that_does_not_fit_stops_the_synthesis_and_names_what_does() -> None:
    app, _ = deploy("ml.g5.2xlarge")

    with pytest.raises(RuntimeError) as failure:
        app.synth()

    assert "leave room for 37,731 tokens: less than one sequence of 131,072" in str(failure.value)
    assert "the smallest that fit in us-east-1: ml.g6e.xlarge" in str(failure.value)
    assert "[sagemaker-model:context-too-long]" in str(failure.value)


def test_the_type_that_was_proposed_is_synthesized() -> None:
    app, _ = deploy("ml.g6e.xlarge")

    assert app.synth()


def test_what_fits_is_told_in_one_line() -> None:
    _, stack = deploy("ml.g6e.12xlarge")

    told = Match.string_like_regexp(r"fits meta-llama/Llama.* tokens: [\d.]+ of 131,072")
    Annotations.from_stack(stack).has_info("/Chat/Model", told)


def test_hardware_is_checked_as_the_type_that_it_is() -> None:
    app, _ = deploy(Hardware(accelerator="A10G", memory_gib=30))

    with pytest.raises(RuntimeError, match=r"on ml\.g5\.2xlarge"):
        app.synth()


def test_nothing_is_guessed_without_a_lock() -> None:
    app, _ = deploy("ml.g5.2xlarge", lock=None)

    assert app.synth()
