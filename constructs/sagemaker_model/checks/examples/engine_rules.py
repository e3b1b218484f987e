"""Examples for the rules about whether the engine serves the model."""

from __future__ import annotations

from aws_cdk import Stack

from sagemaker_model import SageMakerModel
from sagemaker_model.checks.examples.parts import (
    SGLANG,
    TGI,
    TOOLKIT,
    a_config,
    a_lock,
    a_model,
)
from sagemaker_model.model_lock.locked_model import LockedFile


def task_not_served(stack: Stack) -> None:
    SageMakerModel(
        stack,
        "Model",
        model=a_model(image=TGI),
        lock=a_lock(pipeline_tag="sentence-similarity"),
    )


def encoder_decoder_not_served(stack: Stack) -> None:
    SageMakerModel(
        stack,
        "Model",
        model=a_model(),
        lock=a_lock(a_config(architectures=("T5ForConditionalGeneration",))),
    )


def architecture_not_listed(stack: Stack) -> None:
    SageMakerModel(
        stack,
        "Model",
        model=a_model(),
        lock=a_lock(a_config(architectures=("MptForCausalLM",))),
    )


def model_kind_unknown(stack: Stack) -> None:
    SageMakerModel(
        stack, "Model", model=a_model(image=TOOLKIT), lock=a_lock(a_config(model_type="qwen3"))
    )


def transformers_older(stack: Stack) -> None:
    SageMakerModel(
        stack,
        "Model",
        model=a_model(image=TOOLKIT),
        lock=a_lock(a_config(transformers_version="5.0.0")),
    )


def weights_format_not_served(stack: Stack) -> None:
    SageMakerModel(
        stack,
        "Model",
        model=a_model(),
        lock=a_lock(files=(LockedFile(path="model-q4.gguf", size=1),)),
    )


def chat_without_template(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_model(image=SGLANG), lock=a_lock(chat_template=False))


def prompts_only(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_model(), lock=a_lock(chat_template=False))
