"""Examples for the rules about a model's licence and gate."""

from __future__ import annotations

from aws_cdk import Stack

from sagemaker_model import SageMakerModel
from sagemaker_model.checks.examples.parts import a_lock, a_model


def gated_without_token(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_model(), lock=a_lock(gated=True))


def licence_non_commercial(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_model(), lock=a_lock(licence="cc-by-nc-4.0"))


def licence_unknown(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_model(), lock=a_lock(licence=None))
