"""Examples for the rules about scaling."""

from __future__ import annotations

from aws_cdk import Stack

from sagemaker_model import InferenceComponent, SageMakerModel, SharedEndpoint
from sagemaker_model.checks.examples.parts import a_container


def scaling_downloads_again(stack: Stack) -> None:
    model = SageMakerModel(stack, "Model", model=a_container())
    model.auto_scale(max_capacity=4)


def scaling_zero_still_paid(stack: Stack) -> None:
    endpoint = SharedEndpoint(stack, "Endpoint", instance_type="ml.g5.2xlarge", max_instances=1)
    hosting = InferenceComponent(endpoint=endpoint)
    model = SageMakerModel(stack, "Model", model=a_container(), hosting=hosting)
    model.auto_scale(min_capacity=0, max_capacity=1)
