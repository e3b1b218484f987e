"""Examples for the rules about scaling."""

from __future__ import annotations

from aws_cdk import Stack

from sagemaker_model import SageMakerModel
from sagemaker_model.checks.examples.parts import a_container


def scaling_downloads_again(stack: Stack) -> None:
    model = SageMakerModel(stack, "Model", model=a_container())
    model.auto_scale(max_capacity=4)
