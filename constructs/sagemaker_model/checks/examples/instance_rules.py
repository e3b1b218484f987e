"""Examples for the rules about the instance type."""

from __future__ import annotations

from aws_cdk import Environment, Stack

from sagemaker_model import (
    Container,
    ContainerImage,
    ContainerImages,
    ModelPackage,
    SageMakerModel,
    ServingOptions,
)
from sagemaker_model.checks.examples.parts import COMMIT, MODEL, a_container


def region_unknown(stack: Stack) -> None:
    elsewhere = Stack(stack, "Elsewhere", env=Environment(region="us-esat-1"))
    package = ModelPackage(
        model_id="name",
        instance_type="ml.g5.2xlarge",
        packages="arn:aws:sagemaker:us-esat-1:123456789012:model-package/name",
    )
    SageMakerModel(elsewhere, "Model", model=package)


def instance_type_form(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_container("g5.12xlarge"))


def instance_type_unknown(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_container("ml.g5.12xlrage"))


def instance_type_not_in_region(stack: Stack) -> None:
    london = Stack(stack, "London", env=Environment(region="eu-west-2"))
    SageMakerModel(london, "Model", model=a_container("ml.g6e.xlarge"))


def image_needs_gpu(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_container("ml.m5.xlarge"))


def image_ignores_gpu(stack: Stack) -> None:
    model = Container(
        model_id=MODEL,
        instance_type="ml.g5.2xlarge",
        container=ContainerImages.HF_PYTORCH_INFERENCE_CPU_LATEST,
    )
    SageMakerModel(stack, "Model", model=model)


def image_needs_neuron(stack: Stack) -> None:
    model = Container(
        model_id=MODEL,
        instance_type="ml.g5.2xlarge",
        container=ContainerImage.of("huggingface-neuronx"),
    )
    SageMakerModel(stack, "Model", model=model)


def image_architecture(stack: Stack) -> None:
    model = Container(
        model_id=MODEL,
        instance_type="ml.c7g.xlarge",
        container=ContainerImages.HF_PYTORCH_INFERENCE_CPU_LATEST,
    )
    SageMakerModel(stack, "Model", model=model)


def tensor_parallel_degree(stack: Stack) -> None:
    model = Container(
        model_id=MODEL,
        revision=COMMIT,
        instance_type="ml.g5.12xlarge",
        serving=ServingOptions(tensor_parallel_degree=8),
    )
    SageMakerModel(stack, "Model", model=model)


def tensor_parallel_idle(stack: Stack) -> None:
    model = Container(
        model_id=MODEL,
        revision=COMMIT,
        instance_type="ml.g5.12xlarge",
        serving=ServingOptions(tensor_parallel_degree=3),
    )
    SageMakerModel(stack, "Model", model=model)
