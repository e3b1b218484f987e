"""Examples for the rules about what the GPUs can compute of a model."""

from __future__ import annotations

from aws_cdk import Stack

from sagemaker_model import SageMakerModel, ServingOptions
from sagemaker_model.checks.examples.parts import a_config, a_lock, a_model


def heads_not_divisible(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_model("ml.g5.48xlarge"), lock=a_lock())


def context_beyond_model(stack: Stack) -> None:
    SageMakerModel(
        stack,
        "Model",
        model=a_model(serving=ServingOptions(max_total_tokens=65_536)),
        lock=a_lock(),
    )


def bfloat16_on_old_gpu(stack: Stack) -> None:
    SageMakerModel(
        stack,
        "Model",
        model=a_model("ml.g4dn.12xlarge", serving=ServingOptions(dtype="bfloat16")),
        lock=a_lock(),
    )


def bfloat16_becomes_float16(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_model("ml.g4dn.12xlarge"), lock=a_lock())


def float16_refused(stack: Stack) -> None:
    SageMakerModel(
        stack,
        "Model",
        model=a_model(serving=ServingOptions(dtype="float16")),
        lock=a_lock(a_config(model_type="gemma2")),
    )


def quantization_on_old_gpu(stack: Stack) -> None:
    SageMakerModel(
        stack,
        "Model",
        model=a_model("ml.g4dn.12xlarge", serving=ServingOptions(quantization="fp8")),
        lock=a_lock(),
    )


def fp8_without_hardware(stack: Stack) -> None:
    SageMakerModel(
        stack, "Model", model=a_model(serving=ServingOptions(quantization="fp8")), lock=a_lock()
    )


def quantization_of_plain_weights(stack: Stack) -> None:
    SageMakerModel(
        stack, "Model", model=a_model(serving=ServingOptions(quantization="awq")), lock=a_lock()
    )
