"""A log is found by the name of what wrote it, also when that is gone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from fakes.stubbed_aws import StubbedAws
from sagemaker_model.logs.log_groups import build_streams, groups_of
from sagemaker_model.logs.log_reader import LogStream
from sagemaker_model.logs.tail import Tail

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
ARN = "arn:aws:sagemaker:us-east-1:123456789012:"
ENDPOINT = {
    "EndpointName": "Chat",
    "EndpointArn": f"{ARN}endpoint/chat",
    "EndpointStatus": "InService",
    "CreationTime": NOW,
    "LastModifiedTime": NOW,
}
GROUP = "/aws/sagemaker/Endpoints/Chat"
COMPONENT_GROUP = "/aws/sagemaker/InferenceComponents/Small"
PROJECT = "AWS::CodeBuild::Project"
BUILD = "Chat_c8:01234567-89ab-cdef-0123-456789abcdef"


@pytest.fixture
def aws() -> StubbedAws:
    return StubbedAws()


def has_components(aws: StubbedAws, *names: str) -> None:
    told = [
        {
            "InferenceComponentName": name,
            "InferenceComponentArn": f"{ARN}inference-component/{name}",
            "EndpointName": "Chat",
            "EndpointArn": ENDPOINT["EndpointArn"],
            "VariantName": "AllTraffic",
            "CreationTime": NOW,
            "LastModifiedTime": NOW,
        }
        for name in names
    ]
    aws.let("sagemaker", "list_inference_components", {"InferenceComponents": told})


def has_groups(aws: StubbedAws, *names: str) -> None:
    aws.let("logs", "describe_log_groups", {"logGroups": [{"logGroupName": n} for n in names]})


def has_events(aws: StubbedAws, *events: tuple[str, str, str]) -> None:
    """Let a stack have events: type, physical id and reason."""
    told: list[dict[str, Any]] = [
        {
            "StackId": "Stack-1",
            "StackName": "Stack",
            "EventId": str(index),
            "LogicalResourceId": "Some",
            "ResourceType": kind,
            "PhysicalResourceId": of,
            "ResourceStatusReason": reason,
            "ResourceStatus": "DELETE_COMPLETE",
            "Timestamp": NOW,
        }
        for index, (kind, of, reason) in enumerate(events)
    ]
    aws.let("cloudformation", "describe_stack_events", {"StackEvents": told})


def is_no_stack(aws: StubbedAws) -> None:
    aws.let("cloudformation", "describe_stack_events", "ValidationError")
    aws.let("cloudformation", "list_stacks", {"StackSummaries": []})


def test_an_endpoint_has_its_own_log_and_those_of_its_components(aws: StubbedAws) -> None:
    aws.let("sagemaker", "describe_endpoint", ENDPOINT)
    has_components(aws, "Small")

    assert groups_of(aws, "Chat") == [GROUP, COMPONENT_GROUP]


def test_the_logs_of_a_stack_are_found_by_names_in_lower_case(aws: StubbedAws) -> None:
    aws.let("sagemaker", "describe_endpoint", "ValidationException")
    has_events(
        aws,
        ("AWS::SageMaker::Endpoint", f"{ARN}endpoint/chat", ""),
        ("AWS::SageMaker::Endpoint", "", "begun"),
        ("AWS::SageMaker::InferenceComponent", f"{ARN}inference-component/small", ""),
        ("AWS::S3::Bucket", "store", ""),
    )
    has_groups(aws, "/aws/sagemaker/Endpoints/Chatter", GROUP)
    has_groups(aws, COMPONENT_GROUP)

    assert groups_of(aws, "Stack") == [GROUP, COMPONENT_GROUP]


def test_an_endpoint_that_is_gone_still_has_its_log(aws: StubbedAws) -> None:
    aws.let("sagemaker", "describe_endpoint", "ValidationException")
    is_no_stack(aws)
    has_groups(aws, GROUP)
    has_groups(aws)

    assert groups_of(aws, "chat") == [GROUP]


@pytest.mark.parametrize(("groups", "found"), [(1, [f"{GROUP}-Endpoint-0"]), (2, None)])
def test_how_only_one_name_begins_is_enough(
    aws: StubbedAws, groups: int, found: list[str] | None
) -> None:
    aws.let("sagemaker", "describe_endpoint", "ValidationException")
    is_no_stack(aws)
    has_groups(aws, *(f"{GROUP}-Endpoint-{index}" for index in range(groups)))
    has_groups(aws)

    if found is None:
        with pytest.raises(ValueError, match="no stack 'chat'"):
            groups_of(aws, "chat")
    else:
        assert groups_of(aws, "chat") == found


def test_who_may_only_read_logs_reads_them_by_the_name_of_what_writes_them(aws: StubbedAws) -> None:
    aws.let("sagemaker", "describe_endpoint", "AccessDeniedException")
    aws.let("cloudformation", "describe_stack_events", "AccessDenied")
    has_groups(aws, GROUP)
    has_groups(aws)

    assert groups_of(aws, "Chat") == [GROUP]


def test_a_name_that_nothing_has_or_had_is_told_so(aws: StubbedAws) -> None:
    aws.let("sagemaker", "describe_endpoint", "ValidationException")
    is_no_stack(aws)
    has_groups(aws)
    has_groups(aws)

    with pytest.raises(ValueError, match="no stack 'chta', nor a log of one; look at"):
        Tail(aws, "chta")


def test_a_stack_s_build_is_the_newest_one_of_its_project(aws: StubbedAws) -> None:
    has_events(aws, (PROJECT, "Chat_c8", ""), (PROJECT, "Chat_c8", "begun"))
    asked = {"projectName": "Chat_c8", "sortOrder": "DESCENDING"}
    aws.let("codebuild", "list_builds_for_project", {"ids": [BUILD, "older"]}, expected=asked)
    logs = {"groupName": "Builds", "streamName": "1"}
    aws.let(
        "codebuild",
        "batch_get_builds",
        {"builds": [{"id": BUILD, "logs": logs}]},
        expected={"ids": [BUILD]},
    )

    assert build_streams(aws, "Stack") == [LogStream("Builds", "1")]


def test_the_build_that_a_stack_failed_by_outlives_its_project(aws: StubbedAws) -> None:
    reason = f"the build of s3://store/a/ is FAILED: it is gated (log: {BUILD} https://console)"
    has_events(aws, (PROJECT, "Chat_c8", ""), ("Custom::SageMakerModelWeights", "a", reason))
    aws.let("codebuild", "list_builds_for_project", "ResourceNotFoundException")
    logs = {"groupName": "Builds", "streamName": "1"}
    told = {"builds": [{"id": BUILD, "logs": logs}]}
    aws.let("codebuild", "batch_get_builds", told, expected={"ids": [BUILD]})

    assert build_streams(aws, "Stack") == [LogStream("Builds", "1")]


def test_a_build_that_has_no_log_yet_has_no_stream(aws: StubbedAws) -> None:
    aws.let("codebuild", "batch_get_builds", {"builds": [{"id": BUILD}]})

    assert build_streams(aws, BUILD) == []


def test_a_project_that_is_not_there_is_told_so(aws: StubbedAws) -> None:
    is_no_stack(aws)
    aws.let("codebuild", "list_builds_for_project", "ResourceNotFoundException")

    with pytest.raises(ValueError, match="no stack and no project of CodeBuild 'Caht'"):
        build_streams(aws, "Caht")


def test_the_lines_of_several_instances_come_in_the_order_of_time(aws: StubbedAws) -> None:
    aws.let("sagemaker", "describe_endpoint", ENDPOINT)
    has_components(aws)
    streams = [{"logStreamName": "two"}, {"logStreamName": "one"}]
    aws.let("logs", "describe_log_streams", {"logStreams": streams})
    for first, text in ((2000, "second"), (1000, "first")):
        events = [{"timestamp": first, "message": text}]
        aws.let("logs", "get_log_events", {"events": events, "nextForwardToken": "f"})
        aws.let("logs", "get_log_events", {"events": [], "nextForwardToken": "f"})

    assert [line.text for line in Tail(aws, "Chat").news()] == ["first", "second"]
