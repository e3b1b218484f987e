"""What tests of shared endpoints start from."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from aws_cdk.assertions import Template

from construct.models import COMMIT
from sagemaker_model import (
    Container,
    InferenceComponent,
    SageMakerModel,
    SharedEndpoint,
    Weights,
)

CONFIG = "AWS::SageMaker::EndpointConfig"
COMPONENT = "AWS::SageMaker::InferenceComponent"
POLICY = "AWS::IAM::Policy"
TYPE = "ml.g5.12xlarge"
PACKAGE = "arn:aws:sagemaker:us-east-1:865070037744:model-package/name"


def llm(instance_type: str = TYPE, **more: Any) -> Container:
    weights = Weights.from_s3("s3://models/llama/")
    return Container(model_id="org/llama-7B", instance_type=instance_type, weights=weights, **more)


def share(stack: Stack, **more: Any) -> SharedEndpoint:
    return SharedEndpoint(stack, "Shared", **{"instance_type": TYPE, "max_instances": 2, **more})


def lie(stack: Stack, shared: SharedEndpoint, id_: str = "Llama", **more: Any) -> SageMakerModel:
    hosting = InferenceComponent(endpoint=shared, **more)
    return SageMakerModel(stack, id_, model=llm(), hosting=hosting, smoke_test=None)


def only(stack: Stack, kind: str) -> dict[str, Any]:
    (found,) = Template.from_stack(stack).find_resources(kind).values()
    properties: dict[str, Any] = found["Properties"]
    return properties


def variant(stack: Stack) -> dict[str, Any]:
    first: dict[str, Any] = only(stack, CONFIG)["ProductionVariants"][0]
    return first


def toolkit(version: str) -> Container:
    return Container(
        model_id="org/name",
        revision=COMMIT,
        instance_type=TYPE,
        container=version,
        weights=Weights.from_s3("s3://models/bert/"),
    )
