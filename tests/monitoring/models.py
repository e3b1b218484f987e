"""Models whose hosting publishes different metrics."""

from aws_cdk import Stack

from construct.models import container, cpu_container
from sagemaker_model import (
    Asynchronous,
    InferenceComponent,
    RealTime,
    SageMakerModel,
    Serverless,
    SharedEndpoint,
)
from sagemaker_model.hosting.hosting import Hosting


def model_with(
    stack: Stack, hosting: Hosting | None = None, instance_type: str = "ml.g5.2xlarge"
) -> SageMakerModel:
    return SageMakerModel(stack, "Model", model=container(instance_type), hosting=hosting)


def real_time(stack: Stack) -> SageMakerModel:
    return model_with(stack, RealTime())


def on_processors(stack: Stack) -> SageMakerModel:
    return SageMakerModel(stack, "Model", model=cpu_container(), hosting=RealTime())


def asynchronous(stack: Stack) -> SageMakerModel:
    return model_with(stack, Asynchronous())


def component(stack: Stack) -> SageMakerModel:
    shared = SharedEndpoint(stack, "Shared", instance_type="ml.g5.12xlarge", max_instances=2)
    hosting = InferenceComponent(endpoint=shared, accelerators=2)
    return model_with(stack, hosting, "ml.g5.12xlarge")


def serverless(stack: Stack, *, provisioned: int | None = None) -> SageMakerModel:
    hosting = Serverless(memory_mb=2048, provisioned_concurrency=provisioned)
    return SageMakerModel(stack, "Model", model=cpu_container(), hosting=hosting)
