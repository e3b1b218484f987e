"""Examples for the rules about LoRA adapters."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from sagemaker_model import (
    Container,
    ContainerImages,
    InferenceComponent,
    LoraAdapter,
    SageMakerModel,
    SharedEndpoint,
)
from sagemaker_model.checks.examples.parts import COMMIT, MODEL, a_container

ARTIFACT = "s3://my-company-models/adapters/support.tar.gz"


def adapter_lora_off(stack: Stack) -> None:
    endpoint = SharedEndpoint(stack, "Endpoint", instance_type="ml.g5.2xlarge", max_instances=1)
    hosting = InferenceComponent(endpoint=endpoint)
    model = SageMakerModel(stack, "Model", model=a_container(), hosting=hosting)
    LoraAdapter(stack, "Support", base=model, artifact=ARTIFACT)


def adapter_engine_unknown(stack: Stack) -> None:
    endpoint = SharedEndpoint(stack, "Endpoint", instance_type="ml.g5.2xlarge", max_instances=1)
    container = Container(
        model_id=MODEL,
        revision=COMMIT,
        instance_type="ml.g5.2xlarge",
        container=ContainerImages.HF_PYTORCH_INFERENCE_LATEST,
    )
    hosting = InferenceComponent(endpoint=endpoint)
    model = SageMakerModel(stack, "Model", model=container, hosting=hosting)
    LoraAdapter(stack, "Support", base=model, artifact=ARTIFACT)


def adapter_role_needs_permissions(stack: Stack) -> None:
    role = iam.Role.from_role_name(stack, "Role", "serving")
    endpoint = SharedEndpoint(
        stack,
        "Endpoint",
        instance_type="ml.g5.2xlarge",
        max_instances=1,
        role=role,
        grant_permissions=False,
    )
    hosting = InferenceComponent(endpoint=endpoint)
    model = SageMakerModel(stack, "Model", model=a_container(), hosting=hosting)
    LoraAdapter(stack, "Support", base=model, artifact=ARTIFACT)
