"""What is read of AWS about a failure."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from fakes.stubbed_aws import StubbedAws
from sagemaker_model.why.evidence import Evidence, Said
from sagemaker_model.why.gather import of_endpoint, of_stack

STACK_ID = "arn:aws:cloudformation:us-east-1:123456789012:stack/Chat/1"
ENDPOINT = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/chat-1"
BUILD = "Chat_c8:01234567-89ab-cdef-0123-456789abcdef"
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


class Logged(StubbedAws):
    """Stubbed AWS that also answers with the lines of a log."""

    def answers_lines(self, *lines: str) -> None:
        events = [{"message": line} for line in lines]
        self.let("logs", "get_log_events", {"events": events})


@pytest.fixture
def aws() -> Logged:
    return Logged()


def event(
    logical_id: str, kind: str, status: str, reason: str = "", of: str = ""
) -> dict[str, Any]:
    told = {
        "StackId": STACK_ID,
        "EventId": f"{logical_id}-{status}",
        "StackName": "Chat",
        "LogicalResourceId": logical_id,
        "ResourceType": kind,
        "ResourceStatus": status,
        "Timestamp": NOW,
        "ResourceStatusReason": reason,
    }
    return {**told, **({"PhysicalResourceId": of} if of else {})}


def stack(status: str) -> dict[str, Any]:
    return event("Chat", "AWS::CloudFormation::Stack", status)


FAILED_CREATION = [
    stack("ROLLBACK_COMPLETE"),
    event("Model", "AWS::SageMaker::Model", "DELETE_COMPLETE"),
    event("Bucket", "AWS::S3::Bucket", "CREATE_FAILED", "Resource creation cancelled"),
    event("Endpoint", "AWS::SageMaker::Endpoint", "CREATE_FAILED", "not ready", ENDPOINT),
    event("Endpoint", "AWS::SageMaker::Endpoint", "CREATE_IN_PROGRESS"),
    stack("CREATE_IN_PROGRESS"),
    event("Old", "AWS::S3::Bucket", "CREATE_FAILED", "of an earlier change"),
]


def test_of_a_stack_what_failed_first_and_its_container_s_lines_are_read(aws: Logged) -> None:
    aws.let("cloudformation", "describe_stack_events", {"StackEvents": FAILED_CREATION})
    streams = {"logStreams": [{"logStreamName": "AllTraffic/i-1"}]}
    aws.let("logs", "describe_log_streams", streams)
    aws.answers_lines("starting", "CUDA out of memory\n")

    evidence = of_stack(aws, "Chat")

    by = "CloudFormation, of Endpoint (AWS::SageMaker::Endpoint)"
    assert evidence.failed == (Said(by, "not ready"),)
    assert [line.text for line in evidence.container] == ["starting", "CUDA out of memory"]
    aws.all_was_asked()


def test_of_a_build_that_failed_its_lines_are_read(aws: Logged) -> None:
    reason = f"the build {BUILD} failed"
    weights = event("Weights", "Custom::SageMakerModelWeights", "CREATE_FAILED", reason)
    aws.let("cloudformation", "describe_stack_events", {"StackEvents": [weights]})
    logs = {"groupName": "Builds", "streamName": "1"}
    aws.let("codebuild", "batch_get_builds", {"builds": [{"id": BUILD, "logs": logs}]})
    aws.answers_lines("error: the model is gated")

    assert of_stack(aws, "Chat").build == (Said(f"the build {BUILD}", "error: the model is gated"),)


def test_a_stack_that_was_deleted_is_read_by_its_id(aws: Logged) -> None:
    aws.let("cloudformation", "describe_stack_events", "ValidationError")
    summary = {
        "StackId": STACK_ID,
        "StackName": "Chat",
        "CreationTime": NOW,
        "DeletionTime": NOW,
        "StackStatus": "DELETE_COMPLETE",
    }
    aws.let("cloudformation", "list_stacks", {"StackSummaries": [summary]})
    deleted = [stack("DELETE_COMPLETE"), stack("DELETE_IN_PROGRESS"), *FAILED_CREATION[2:3]]
    aws.let("cloudformation", "describe_stack_events", {"StackEvents": deleted})

    assert of_stack(aws, "Chat").empty
    aws.all_was_asked()


def test_a_stack_that_never_was_is_told_apart(aws: Logged) -> None:
    aws.let("cloudformation", "describe_stack_events", "ValidationError")
    aws.let("cloudformation", "list_stacks", {"StackSummaries": []})

    with pytest.raises(LookupError):
        of_stack(aws, "Chat")


def test_a_change_that_went_well_hides_an_older_failure(aws: Logged) -> None:
    updated = [stack("UPDATE_COMPLETE"), stack("UPDATE_IN_PROGRESS"), *FAILED_CREATION]
    aws.let("cloudformation", "describe_stack_events", {"StackEvents": updated})

    assert of_stack(aws, "Chat") == Evidence()


def test_of_an_endpoint_sagemaker_s_reason_is_read_where_no_container_has_a_log(
    aws: Logged,
) -> None:
    told = {
        "EndpointName": "chat",
        "EndpointArn": ENDPOINT,
        "EndpointStatus": "Failed",
        "FailureReason": "no capacity",
        "CreationTime": NOW,
        "LastModifiedTime": NOW,
    }
    aws.let("sagemaker", "describe_endpoint", told)
    aws.let("logs", "describe_log_streams", "ValidationError")

    assert of_endpoint(aws, "chat") == Evidence(
        endpoint=(Said("SageMaker, of chat", "no capacity"),)
    )


def test_an_endpoint_that_is_not_there_is_told_apart(aws: Logged) -> None:
    aws.let("sagemaker", "describe_endpoint", "ValidationError")

    with pytest.raises(LookupError):
        of_endpoint(aws, "chat")
