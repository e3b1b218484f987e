"""Examples for the rules about Python code that a model's repository brings."""

from __future__ import annotations

from aws_cdk import Stack

from sagemaker_model import SageMakerModel
from sagemaker_model.checks.examples.parts import TGI, a_config, a_lock, a_model


def remote_code_needed(stack: Stack) -> None:
    SageMakerModel(
        stack,
        "Model",
        model=a_model(image=TGI),
        lock=a_lock(a_config(model_type="of_its_own", auto_map=True)),
    )


def tokenizer_code_unused(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_model(), lock=a_lock(remote_code=True))
