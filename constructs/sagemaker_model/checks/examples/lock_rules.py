"""Examples for the rules about lock files."""

from __future__ import annotations

from aws_cdk import Stack

from sagemaker_model import Container, SageMakerModel
from sagemaker_model.checks.examples.parts import MODEL


def not_locked(stack: Stack) -> None:
    model = Container(model_id=MODEL, revision="main", instance_type="ml.g5.2xlarge")
    SageMakerModel(stack, "Model", model=model)
