"""Examples for the rules about whether a model fits on its instance type."""

from __future__ import annotations

from aws_cdk import Stack

from sagemaker_model import SageMakerModel
from sagemaker_model.checks.examples.parts import TOOLKIT, a_config, a_lock, a_model
from sagemaker_model.model_lock.locked_model import LockedFile


def model_too_large(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_model("ml.g4dn.xlarge"), lock=a_lock())


def context_too_long(stack: Stack) -> None:
    SageMakerModel(
        stack, "Model", model=a_model(), lock=a_lock(a_config(max_position_embeddings=131_072))
    )


def few_sequences(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_model(), lock=a_lock())


def model_fit(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_model("ml.g6e.xlarge"), lock=a_lock())


def host_memory_too_small(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_model("ml.m5.large", image=TOOLKIT), lock=a_lock())


def workers_fill_host_memory(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_model("ml.m5.2xlarge", image=TOOLKIT), lock=a_lock())


def pickles_fill_host_memory(stack: Stack) -> None:
    SageMakerModel(
        stack,
        "Model",
        model=a_model("ml.g5.xlarge"),
        lock=a_lock(files=(LockedFile(path="model.bin", size=17 * 2**30),), parameters={}),
    )


def disk_too_small(stack: Stack) -> None:
    SageMakerModel(
        stack,
        "Model",
        model=a_model("ml.g5.xlarge"),
        lock=a_lock(parameters={"BF16": 300_000_000_000}),
    )
