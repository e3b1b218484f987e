"""Whole templates, few and small: what an upgrade of the library must not change unseen."""

import json
import re
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from sagemaker_model import Container, ContainerImage, ModelPackage, SageMakerModel, Weights
from sagemaker_model.deployment.deployment import Deployment

ARN = "arn:aws:sagemaker:us-east-1:865070037744:model-package/name"
HASH = re.compile(r"\b[0-9a-f]{64}\b")


@pytest.fixture
def snapshot_json(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(JSONSnapshotExtension)


def template(stack: Stack, deployment: Deployment) -> Any:
    SageMakerModel(stack, "Model", model=deployment, smoke_test=None)
    return json.loads(HASH.sub("<asset>", json.dumps(Template.from_stack(stack).to_json())))


def test_a_model_package(stack: Stack, snapshot_json: SnapshotAssertion) -> None:
    package = ModelPackage(model_id="m", instance_type="ml.g5.2xlarge", packages=ARN)

    assert template(stack, package) == snapshot_json


def test_a_container_that_downloads(stack: Stack, snapshot_json: SnapshotAssertion) -> None:
    container = Container(
        model_id="org/name-7B",
        instance_type="ml.g5.12xlarge",
        container=ContainerImage.of("huggingface-vllm", version="0.29.0"),
    )

    assert template(stack, container) == snapshot_json


def test_a_container_with_weights_from_s3(app: App, snapshot_json: SnapshotAssertion) -> None:
    container = Container(
        model_id="org/name",
        instance_type="ml.g6.2xlarge",
        container=ContainerImage.of("djl-lmi", version="0.36.0"),
        weights=Weights.from_s3("s3://bucket/prefix/"),
    )
    stack = Stack(app, "Stack", env={"account": "123456789012", "region": "eu-west-1"})

    assert template(stack, container) == snapshot_json
