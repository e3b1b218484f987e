"""A verb finds the endpoint that somebody means."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from fakes.stubbed_aws import StubbedAws
from sagemaker_model.cli.endpoint_name import find_endpoint_name

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
ARN = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/"


@pytest.fixture
def aws() -> StubbedAws:
    return StubbedAws()


def have_stack(aws: StubbedAws, *names: str) -> None:
    """Let there be a stack with endpoints, and another endpoint."""
    aws.let("sagemaker", "describe_endpoint", "ValidationError")
    resources = [
        resource("AWS::SageMaker::Model", "arn:model"),
        *(resource("AWS::SageMaker::Endpoint", f"{ARN}{name.lower()}") for name in names),
    ]
    aws.let("cloudformation", "describe_stack_resources", {"StackResources": resources})
    have_listed(aws, *names, "Another")


def have_listed(aws: StubbedAws, *names: str) -> None:
    listed = [
        {
            "EndpointName": name,
            "EndpointArn": f"{ARN}{name.lower()}",
            "CreationTime": NOW,
            "LastModifiedTime": NOW,
            "EndpointStatus": "InService",
        }
        for name in names
    ]
    aws.let("sagemaker", "list_endpoints", {"Endpoints": listed})


def resource(kind: str, physical_id: str) -> dict[str, Any]:
    return {
        "LogicalResourceId": "Id",
        "ResourceType": kind,
        "PhysicalResourceId": physical_id,
        "Timestamp": NOW,
        "ResourceStatus": "CREATE_COMPLETE",
    }


def test_a_stack_means_its_endpoint_whose_name_keeps_its_capitals(aws: StubbedAws) -> None:
    have_stack(aws, "ModelEndpoint-1aB")

    assert find_endpoint_name(aws, "Chat") == "ModelEndpoint-1aB"
    aws.all_was_asked()


def test_of_several_endpoints_one_must_be_named(aws: StubbedAws) -> None:
    have_stack(aws, "b", "a")

    with pytest.raises(ValueError, match="'Chat' has the endpoints a, b: name one"):
        find_endpoint_name(aws, "Chat")


def test_a_stack_without_an_endpoint_is_told(aws: StubbedAws) -> None:
    have_stack(aws)

    with pytest.raises(ValueError, match="'Chat' has no endpoint"):
        find_endpoint_name(aws, "Chat")


def have_endpoints(aws: StubbedAws, *names: str) -> None:
    """Let there be endpoints, and no stack."""
    aws.let("sagemaker", "describe_endpoint", "ValidationError")
    aws.let("cloudformation", "describe_stack_resources", "ValidationError")
    have_listed(aws, *names)


def test_the_beginning_of_a_name_will_do_in_any_case(aws: StubbedAws) -> None:
    have_endpoints(aws, "Chat-ModelEndpoint-1aB", "Search")

    assert find_endpoint_name(aws, "chat") == "Chat-ModelEndpoint-1aB"


def test_a_beginning_of_several_names_is_too_short(aws: StubbedAws) -> None:
    have_endpoints(aws, "chat-b", "Chat-a")

    with pytest.raises(ValueError, match="'chat' may be any of Chat-a, chat-b; give a longer name"):
        find_endpoint_name(aws, "chat")


def test_what_is_neither_is_told(aws: StubbedAws) -> None:
    have_endpoints(aws, "chat")

    with pytest.raises(ValueError, match=r"no stack 'caht'; did you mean 'chat'\?"):
        find_endpoint_name(aws, "caht")


def test_a_caller_who_may_only_invoke_is_believed(aws: StubbedAws) -> None:
    aws.let("sagemaker", "describe_endpoint", "AccessDeniedException")

    assert find_endpoint_name(aws, "Chat") == "Chat"
