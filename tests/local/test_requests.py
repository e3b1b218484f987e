"""What a request is about, as IAM is asked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sagemaker_model.local.emulator.requests import action_of, resource_of

SAGEMAKER = "arn:aws:sagemaker:us-east-1:000000000000"


def about(service: str, target: str = "", path: str = "/", **body: object) -> str | None:
    return resource_of(service, path, {"x-amz-target": target}, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("verb", "action"),
    [
        ("invocations", "sagemaker:InvokeEndpoint"),
        ("invocations-response-stream", "sagemaker:InvokeEndpoint"),
        ("async-invocations", "sagemaker:InvokeEndpointAsync"),
    ],
)
def test_each_way_to_invoke_is_an_action_on_the_endpoint(verb: str, action: str) -> None:
    path = f"/endpoints/My-Endpoint/{verb}"
    assert action_of("sagemaker", path) == action
    assert about("sagemaker", path=path) == f"{SAGEMAKER}:endpoint/my-endpoint"


@pytest.mark.parametrize(
    ("operation", "member", "kind"),
    [
        ("CreateModel", "ModelName", "model"),
        ("DeleteEndpoint", "EndpointName", "endpoint"),
        ("UpdateEndpointWeightsAndCapacities", "EndpointName", "endpoint"),
        ("DescribeEndpointConfig", "EndpointConfigName", "endpoint-config"),
        ("CreateInferenceComponent", "InferenceComponentName", "inference-component"),
    ],
)
def test_an_operation_is_on_the_thing_that_it_names(operation: str, member: str, kind: str) -> None:
    asked = {"EndpointConfigName": "other", member: "Name"}
    assert about("sagemaker", f"SageMaker.{operation}", **asked) == f"{SAGEMAKER}:{kind}/name"


def test_a_list_is_on_nothing_that_sagemaker_could_name() -> None:
    assert about("sagemaker", "SageMaker.ListEndpoints") is None


@pytest.mark.parametrize("asked", [{"ids": ["my_project:1-2"]}, {"id": "my_project:1-2"}])
def test_a_build_is_asked_for_by_its_project(asked: dict[str, Any]) -> None:
    arn = "arn:aws:codebuild:us-east-1:000000000000:project/my_project"
    assert about("codebuild", "CodeBuild_20161006.BatchGetBuilds", **asked) == arn


def test_what_writes_a_log_is_on_the_stream() -> None:
    stream = {"logGroupName": "/g", "logStreamName": "s"}
    arn = "arn:aws:logs:us-east-1:000000000000:log-group:/g:log-stream:s"
    assert about("logs", "Logs_20140328.PutLogEvents", **stream) == arn
    assert about("logs", "Logs_20140328.CreateLogGroup", **stream) is None


def test_a_body_that_cannot_be_read_is_about_nothing() -> None:
    assert resource_of("sagemaker", "/", {"x-amz-target": "SageMaker.CreateModel"}, b"{") is None
