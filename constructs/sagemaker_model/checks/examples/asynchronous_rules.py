"""Examples for the rules about asynchronous hosting."""

from __future__ import annotations

from aws_cdk import Stack

from sagemaker_model import Asynchronous, SageMakerModel
from sagemaker_model.checks.examples.parts import a_container


def async_input_unreadable(stack: Stack) -> None:
    hosting = Asynchronous(output_path="s3://my-bucket/answers/")
    SageMakerModel(stack, "Model", model=a_container(), hosting=hosting)
