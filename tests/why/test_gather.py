"""What is read of AWS about a failure."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from botocore.exceptions import ClientError

from fakes.stubbed_aws import StubbedAws
from sagemaker_model.why.diagnose import diagnose
from sagemaker_model.why.evidence import Evidence, Said
from sagemaker_model.why.gather import LINES, of_endpoint, of_stack

GROUP = "/aws/sagemaker/Endpoints/Chat-1"
STACK_ID = "arn:aws:cloudformation:us-east-1:123456789012:stack/Chat/1"
ENDPOINT = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/chat-1"
BUILD = "Chat_c8:01234567-89ab-cdef-0123-456789abcdef"
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


class Logged(StubbedAws):
    """Stubbed AWS that also answers with the lines of a log."""

    def answers_lines(self, *lines: str, expected: dict[str, Any] | None = None) -> None:
        events = [{"timestamp": 0, "message": line} for line in lines]
        answer = {"events": events, "nextForwardToken": "f/1"}
        self.let("logs", "get_log_events", answer, expected=expected)
        # Where there is no more, the token is the one that was sent.
        self.let("logs", "get_log_events", {"events": [], "nextForwardToken": "f/1"})

    def answers_groups(self, *names: str) -> None:
        self.let("logs", "describe_log_groups", {"logGroups": [{"logGroupName": n} for n in names]})

    def answers_streams(self, *names: str) -> None:
        streams = [{"logStreamName": name} for name in names]
        self.let("logs", "describe_log_streams", {"logStreams": streams})


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


def told(**more: Any) -> dict[str, Any]:
    """Return what DescribeEndpoint tells."""
    return {
        "EndpointName": "Chat-1",
        "EndpointArn": ENDPOINT,
        "EndpointStatus": "Failed",
        "CreationTime": NOW,
        "LastModifiedTime": NOW,
        **more,
    }


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
    # The ARN has the name in lower case, and the group has it as it was given.
    aws.answers_groups("/aws/sagemaker/Endpoints/other", GROUP)
    aws.let("sagemaker", "describe_endpoint", "ValidationException")
    aws.answers_streams("AllTraffic/i-1")
    since = {"startTime": int(NOW.timestamp() * 1000), "startFromHead": False, "limit": LINES}
    place = {"logGroupName": GROUP, "logStreamName": "AllTraffic/i-1"}
    aws.answers_lines("starting", "CUDA out of memory\n", expected={**place, **since})

    evidence = of_stack(aws, "Chat")

    by = "CloudFormation, of Endpoint (AWS::SageMaker::Endpoint)"
    assert evidence.failed == (Said(by, "not ready"),)
    assert [line.text for line in evidence.container] == ["starting", "CUDA out of memory"]
    assert evidence.unread == ()
    aws.all_was_asked()


def test_of_an_update_that_failed_sagemaker_s_reason_is_read_too(aws: Logged) -> None:
    failed = event("Endpoint", "AWS::SageMaker::Endpoint", "UPDATE_FAILED", "null", ENDPOINT)
    aws.let("cloudformation", "describe_stack_events", {"StackEvents": [failed]})
    aws.answers_groups(GROUP)
    aws.let("sagemaker", "describe_endpoint", told(FailureReason="no capacity"))
    aws.answers_streams()

    assert of_stack(aws, "Chat").endpoint == (Said("SageMaker, of Chat-1", "no capacity"),)


def test_the_log_that_a_failure_names_is_read(aws: Logged) -> None:
    reason = f"endpoint Chat-1 does not answer as expected; the container's log is {GROUP}; ask"
    smoke = event("SmokeTest", "Custom::SageMakerModelSmokeTest", "CREATE_FAILED", reason)
    aws.let("cloudformation", "describe_stack_events", {"StackEvents": [smoke]})
    aws.let("sagemaker", "describe_endpoint", "ValidationException")
    aws.answers_streams("AllTraffic/i-1")
    aws.answers_lines("ModuleNotFoundError")

    assert of_stack(aws, "Chat").container == (
        Said(f"the container, in {GROUP}", "ModuleNotFoundError"),
    )


def test_a_failure_in_a_nested_stack_is_told_itself(aws: Logged) -> None:
    nested = event(
        "Models", "AWS::CloudFormation::Stack", "CREATE_FAILED", "Embedded", f"{STACK_ID}n"
    )
    aws.let("cloudformation", "describe_stack_events", {"StackEvents": [nested]})
    inner = event("Role", "AWS::IAM::Role", "CREATE_FAILED", "AccessDenied")
    asked = {"StackName": f"{STACK_ID}n"}
    aws.let("cloudformation", "describe_stack_events", {"StackEvents": [inner]}, expected=asked)

    assert [each.text for each in of_stack(aws, "Chat").failed] == ["AccessDenied"]
    aws.all_was_asked()


def test_what_may_not_be_read_is_told_and_spoils_nothing(aws: Logged) -> None:
    aws.let("cloudformation", "describe_stack_events", {"StackEvents": FAILED_CREATION})
    aws.let("logs", "describe_log_groups", "AccessDeniedException")

    evidence = of_stack(aws, "Chat")

    assert [each.text for each in evidence.failed] == ["not ready"]
    assert [part.partition(":")[0] for part in evidence.unread] == ["log groups"]


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

    assert of_stack(aws, "Chat") == Evidence()
    aws.all_was_asked()


def test_a_stack_that_never_was_is_told_apart(aws: Logged) -> None:
    aws.let("cloudformation", "describe_stack_events", "ValidationError")
    aws.let("cloudformation", "list_stacks", {"StackSummaries": []})

    with pytest.raises(LookupError):
        of_stack(aws, "Chat")


def test_a_stack_that_may_not_be_looked_at_is_no_missing_stack(aws: Logged) -> None:
    aws.let("cloudformation", "describe_stack_events", "AccessDenied")

    with pytest.raises(ClientError, match="AccessDenied"):
        of_stack(aws, "Chat")


def test_the_lines_of_several_instances_are_in_the_order_of_time(aws: Logged) -> None:
    aws.let("sagemaker", "describe_endpoint", told(FailureReason="not ready"))
    aws.answers_streams("new", "old")
    for time, text in ((2000, "second"), (1000, "first")):
        events = [{"timestamp": time, "message": text}]
        for answer in (events, []):
            aws.let("logs", "get_log_events", {"events": answer, "nextForwardToken": "f"})

    assert [line.text for line in of_endpoint(aws, "Chat-1").container] == ["first", "second"]


def test_a_change_that_went_well_hides_an_older_failure(aws: Logged) -> None:
    updated = [stack("UPDATE_COMPLETE"), stack("UPDATE_IN_PROGRESS"), *FAILED_CREATION]
    aws.let("cloudformation", "describe_stack_events", {"StackEvents": updated})

    assert of_stack(aws, "Chat") == Evidence()


def test_of_an_endpoint_sagemaker_s_reason_is_read_where_no_container_has_a_log(
    aws: Logged,
) -> None:
    aws.let("sagemaker", "describe_endpoint", told(FailureReason="no capacity"))
    aws.let("logs", "describe_log_streams", "ResourceNotFoundException")

    assert of_endpoint(aws, "Chat-1") == Evidence(
        endpoint=(Said("SageMaker, of Chat-1", "no capacity"),)
    )


def test_an_endpoint_that_is_long_creating_without_a_line_is_told_as_not_started(
    aws: Logged,
) -> None:
    aws.let("sagemaker", "describe_endpoint", told(EndpointStatus="Creating"))
    aws.let("logs", "describe_log_streams", "ResourceNotFoundException")

    (diagnosis,) = diagnose(of_endpoint(aws, "Chat-1"))

    assert diagnosis.cause.id == "driver-mismatch"
    assert diagnosis.said.text.endswith("minutes, and no container has written a line")


def test_an_endpoint_that_has_just_begun_is_no_failure(aws: Logged) -> None:
    just = told(EndpointStatus="Creating", CreationTime=dt.datetime.now(dt.UTC))
    aws.let("sagemaker", "describe_endpoint", just)
    aws.let("logs", "describe_log_streams", "ResourceNotFoundException")

    assert of_endpoint(aws, "Chat-1") == Evidence()


def test_an_endpoint_that_is_not_there_is_told_apart(aws: Logged) -> None:
    aws.let("sagemaker", "describe_endpoint", "ValidationError")

    with pytest.raises(LookupError):
        of_endpoint(aws, "chat")
