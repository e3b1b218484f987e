"""Examples for the rules about requirements.txt."""

from __future__ import annotations

from aws_cdk import Stack

from sagemaker_model import SageMakerModel
from sagemaker_model.checks.examples.parts import some_code

_CODE = "def predict_fn(data, model): ..."


def requirements_clash(stack: Stack) -> None:
    model = some_code(_CODE, requirements="transformers==4.28.0")
    SageMakerModel(stack, "Model", model=model)


def requirements_need_network(stack: Stack) -> None:
    model = some_code(_CODE, requirements="sentencepiece==0.2.0")
    SageMakerModel(stack, "Model", model=model, network_isolation=True)


def requirements_not_pinned(stack: Stack) -> None:
    model = some_code(_CODE, requirements="sentencepiece")
    SageMakerModel(stack, "Model", model=model)
