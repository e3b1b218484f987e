"""Gather what AWS, the containers and the builds said about a failed deployment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from sagemaker_model.aws import Aws
from sagemaker_model.why.evidence import Evidence, Said

LINES = 200
"""How many lines of each log are read, from its end."""

_ENDPOINT = "AWS::SageMaker::Endpoint"
_COMPONENT = "AWS::SageMaker::InferenceComponent"
_STACK = "AWS::CloudFormation::Stack"
_LOGS = {
    _ENDPOINT: "/aws/sagemaker/Endpoints/{}",
    _COMPONENT: "/aws/sagemaker/InferenceComponents/{}",
}
# A name that CodeBuild gives a build: its project and a UUID.
_BUILD = re.compile(r"[\w.-]+:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# CloudFormation's words for what failed only because something else did.
_TAKEN_DOWN = re.compile(
    r"creation cancelled|update cancelled|resource .* cancelled", re.IGNORECASE
)
_BEGINNING = re.compile(r"(CREATE|UPDATE|IMPORT|DELETE)_IN_PROGRESS")


def of_stack(aws: Aws, name: str) -> Evidence:
    """Gather what was said about the newest change of a stack.

    A stack that was deleted is still known for 90 days, under its id.

    Args:
        aws: Makes the clients of AWS.
        name: Name or id of the stack.

    Raises:
        LookupError: There is no such stack, nor was there one.
    """
    failed = list(_failed(_newest_change(_events(aws, name))))
    endpoints = [
        (each["ResourceType"], each["PhysicalResourceId"].rpartition("/")[2])
        for each in failed
        if each["ResourceType"] in _LOGS and each.get("PhysicalResourceId")
    ]
    said = [_told(each) for each in failed]
    builds = {build for each in said for build in _BUILD.findall(each.text)}
    return Evidence(
        failed=tuple(said),
        container=tuple(line for kind, name in endpoints for line in _container(aws, kind, name)),
        build=tuple(line for build in sorted(builds) for line in _build(aws, build)),
    )


def of_endpoint(aws: Aws, name: str) -> Evidence:
    """Gather what was said about an endpoint.

    Args:
        aws: Makes the clients of AWS.
        name: Name of the endpoint.

    Raises:
        LookupError: There is no such endpoint.
    """
    try:
        told = aws.client("sagemaker").describe_endpoint(EndpointName=name)
    except ClientError as error:
        raise LookupError(name) from error
    reason = told.get("FailureReason", "")
    return Evidence(
        endpoint=(Said(f"SageMaker, of {name}", reason),) if reason else (),
        container=tuple(_container(aws, _ENDPOINT, name)),
    )


def _events(aws: Aws, name: str) -> Iterator[dict[str, Any]]:
    """Return the events of a stack, the newest first."""
    cloudformation = aws.client("cloudformation")
    pages = cloudformation.get_paginator("describe_stack_events")
    try:
        for page in pages.paginate(StackName=name):
            yield from page["StackEvents"]
    except ClientError as error:
        deleted = _deleted(cloudformation, name)
        if deleted is None:
            raise LookupError(name) from error
        for page in pages.paginate(StackName=deleted):
            yield from page["StackEvents"]


def _deleted(cloudformation: Any, name: str) -> str | None:
    """Return the id of the stack of that name that was deleted last; None where none was."""
    pages = cloudformation.get_paginator("list_stacks").paginate(
        StackStatusFilter=["DELETE_COMPLETE"]
    )
    found = [each for page in pages for each in page["StackSummaries"] if each["StackName"] == name]
    newest = max(found, key=lambda each: each["DeletionTime"], default=None)
    return None if newest is None else str(newest["StackId"])


def _newest_change(events: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Return the events of the last change that failed, or else of the last, the newest first.

    A failed creation is followed by a deletion, which is no change of its own.
    """
    for event in events:
        yield event
        begins = event["ResourceType"] == _STACK and _BEGINNING.fullmatch(event["ResourceStatus"])
        if begins and event["ResourceStatus"] != "DELETE_IN_PROGRESS":
            return


def _failed(events: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Return the events of what failed of itself, the first failure first."""
    for event in reversed(list(events)):
        failed = event["ResourceStatus"].endswith("_FAILED")
        reason = event.get("ResourceStatusReason", "")
        if failed and event["ResourceType"] != _STACK and not _TAKEN_DOWN.search(reason):
            yield event


def _told(event: dict[str, Any]) -> Said:
    by = f"CloudFormation, of {event['LogicalResourceId']} ({event['ResourceType']})"
    return Said(by, event.get("ResourceStatusReason", "") or event["ResourceStatus"])


def _container(aws: Aws, kind: str, name: str) -> list[Said]:
    group = _LOGS[kind].format(name)
    logs = aws.client("logs")
    try:
        streams = logs.describe_log_streams(logGroupName=group, orderBy="LastEventTime")
    except ClientError:
        # A container that never started has none.
        return []
    return [
        Said(f"the container, in {group}", line)
        for stream in streams["logStreams"]
        for line in _last_lines(logs, group, stream["logStreamName"])
    ]


def _build(aws: Aws, build: str) -> list[Said]:
    told = aws.client("codebuild").batch_get_builds(ids=[build])["builds"]
    place = told[0].get("logs", {}) if told else {}
    if not place.get("groupName") or not place.get("streamName"):
        return []
    logs = aws.client("logs")
    lines = _last_lines(logs, place["groupName"], place["streamName"])
    return [Said(f"the build {build}", line) for line in lines]


def _last_lines(logs: Any, group: str, stream: str) -> list[str]:
    try:
        answer = logs.get_log_events(
            logGroupName=group, logStreamName=stream, limit=LINES, startFromHead=False
        )
    except ClientError:
        return []
    return [str(event["message"]).rstrip() for event in answer["events"]]
