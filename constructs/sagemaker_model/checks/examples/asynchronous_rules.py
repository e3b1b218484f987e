"""Examples for the rules about asynchronous hosting."""

from __future__ import annotations

from aws_cdk import Stack

from sagemaker_model import Asynchronous, ModelPackage, SageMakerModel
from sagemaker_model.checks.examples.parts import PACKAGE, a_container


def async_input_unreadable(stack: Stack) -> None:
    hosting = Asynchronous(output_path="s3://my-bucket/answers/")
    SageMakerModel(stack, "Model", model=a_container(), hosting=hosting)


def async_model_package(stack: Stack) -> None:
    package = ModelPackage(model_id="name", instance_type="ml.g5.2xlarge", packages=PACKAGE)
    SageMakerModel(stack, "Model", model=package, hosting=Asynchronous())
