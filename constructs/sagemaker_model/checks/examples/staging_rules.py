"""Examples for the rules about staged weights."""

from __future__ import annotations

from aws_cdk import Stack

from sagemaker_model import Container, SageMakerModel, Weights
from sagemaker_model.checks.examples.parts import COMMIT, MODEL, a_folder


def store_in_same_stack(stack: Stack) -> None:
    model = Container(
        model_id=MODEL,
        revision=COMMIT,
        instance_type="ml.g5.2xlarge",
        weights=Weights.staged(),
    )
    SageMakerModel(stack, "Model", model=model)


def staging_chosen(stack: Stack) -> None:
    model = Container(model_id=MODEL, instance_type="ml.g5.2xlarge", hf_token="hub")  # noqa: S106
    SageMakerModel(stack, "Model", model=model)


def model_files(stack: Stack) -> None:
    folder = a_folder("model", {"config.json": "{}", "pytorch_model.bin": "pickled"})
    model = Container(
        model_id=MODEL, instance_type="ml.g5.2xlarge", weights=Weights.from_directory(folder)
    )
    SageMakerModel(stack, "Model", model=model)
