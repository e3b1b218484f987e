"""Examples for the rules about inference code."""

from __future__ import annotations

from aws_cdk import Stack

from sagemaker_model import ContainerImages, SageMakerModel
from sagemaker_model.checks.examples.parts import some_code


def code_arity(stack: Stack) -> None:
    code = "def predict_fn(data): ..."
    SageMakerModel(stack, "Model", model=some_code(inference=code))


def code_default_parameter(stack: Stack) -> None:
    code = "def predict_fn(data, model, temperature=1.0): ..."
    SageMakerModel(stack, "Model", model=some_code(inference=code))


def code_transform_exclusive(stack: Stack) -> None:
    code = (
        "def transform_fn(model, body, content_type, accept): ...\n"
        "def predict_fn(data, model): ...\n"
    )
    SageMakerModel(stack, "Model", model=some_code(inference=code))


def code_async(stack: Stack) -> None:
    code = "async def predict_fn(data, model): ..."
    SageMakerModel(stack, "Model", model=some_code(inference=code))


def code_without_functions(stack: Stack) -> None:
    code = "def predict(data, model): ..."
    SageMakerModel(stack, "Model", model=some_code(inference=code))


def code_output_tuple(stack: Stack) -> None:
    code = "def output_fn(prediction, accept):\n    return prediction, accept\n"
    SageMakerModel(stack, "Model", model=some_code(inference=code))


def code_image_untested(stack: Stack) -> None:
    newest = ContainerImages.HF_PYTORCH_INFERENCE_LATEST
    model = some_code("def predict_fn(data, model): ...", container=newest)
    SageMakerModel(stack, "Model", model=model)
