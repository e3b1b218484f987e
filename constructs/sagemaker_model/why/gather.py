"""Gather what AWS, the containers and the builds said about a failed deployment."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any

from botocore.exceptions import ClientError

from sagemaker_model.aws import Aws
from sagemaker_model.logs.log_groups import BUILD_ID, GROUPS, build_streams, find_group
from sagemaker_model.logs.log_reader import LogReader, LogStream, newest_streams
from sagemaker_model.partial_reading import PartialReading
from sagemaker_model.stack_events import Event
from sagemaker_model.why.evidence import Evidence, Said
from sagemaker_model.why.stack_changes import newest_failure

LINES = 200
"""How many lines of each log are read, from its end."""

_ENDPOINT = "AWS::SageMaker::Endpoint"
_ENDPOINTS = GROUPS[_ENDPOINT]
_GONE = "ValidationException"
_SILENT = dt.timedelta(minutes=15)
_GROUP = re.compile(rf"(?:{'|'.join(GROUPS.values())})[\w-]+")


def of_stack(aws: Aws, name: str) -> Evidence:
    """Gather what was said about the newest change of a stack.

    Args:
        aws: Makes the clients of AWS.
        name: Name or id of the stack; one that was deleted is still known for 90 days.

    Raises:
        LookupError: There is no such stack, nor was there one.
    """
    failure = newest_failure(aws, name)
    reading = _Reading(aws, since=failure.begun)
    said = [_told(each) for each in failure.events]
    groups = reading.tried("log groups", lambda: _groups(aws, failure.events), [])
    names = [group.removeprefix(_ENDPOINTS) for group in groups if group.startswith(_ENDPOINTS)]
    builds = sorted({build for each in said for build in BUILD_ID.findall(each.text)})
    return Evidence(
        failed=tuple(said),
        endpoint=tuple(each for name in names for each in reading.endpoint(name)),
        container=reading.containers(groups),
        build=tuple(line for build in builds for line in reading.build(build)),
        unread=tuple(reading.unread),
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
    reading = _Reading(aws, since=None)
    container = reading.containers([_ENDPOINTS + name])
    reason = told.get("FailureReason") or _silence(told, container)
    return Evidence(
        endpoint=(Said(f"SageMaker, of {name}", reason),) if reason else (),
        container=container,
        unread=tuple(reading.unread),
    )


class _Reading(PartialReading):
    """Reads logs, and keeps what could not be read.

    Args:
        aws: Makes the clients of AWS.
        since: Lines before that are left out; None leaves none out.
    """

    def __init__(self, aws: Aws, since: dt.datetime | None) -> None:
        super().__init__()
        self._aws = aws
        self._reader = LogReader(aws, last=LINES, since=since)

    def containers(self, groups: Iterable[str]) -> tuple[Said, ...]:
        """Return the lines of containers."""
        return tuple(line for group in groups for line in self._container(group))

    def endpoint(self, name: str) -> list[Said]:
        """Return why an endpoint failed; nothing where it is gone."""
        try:
            told = self._aws.client("sagemaker").describe_endpoint(EndpointName=name)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != _GONE:
                self.unread.append(f"the endpoint {name}: {error}")
            return []
        reason = told.get("FailureReason")
        return [Said(f"SageMaker, of {name}", reason)] if reason else []

    def build(self, build: str) -> list[Said]:
        """Return the lines of a build."""
        streams = self.tried(f"the build {build}", lambda: build_streams(self._aws, build), [])
        return self._lines(f"the build {build}", streams)

    def _container(self, group: str) -> list[Said]:
        streams = self.tried(group, lambda: newest_streams(self._aws, group), [])
        return self._lines(f"the container, in {group}", streams)

    def _lines(self, by: str, streams: Sequence[LogStream]) -> list[Said]:
        read = self.tried(by, lambda: [line for s in streams for line in self._reader.news(s)], [])
        return [Said(by, line.text) for line in sorted(read, key=lambda line: line.time)]


def _groups(aws: Aws, failed: Iterable[Event]) -> list[str]:
    """Return the log groups of what failed, and those that a failure names."""
    found: dict[str, None] = {}
    for event in failed:
        found.update(dict.fromkeys(_GROUP.findall(event.get("ResourceStatusReason", ""))))
        prefix = GROUPS.get(event["ResourceType"])
        if prefix and event.get("PhysicalResourceId"):
            group = find_group(aws, prefix, event["PhysicalResourceId"].rpartition("/")[2])
            found.update({group: None} if group else {})
    return list(found)


def _told(event: Event) -> Said:
    by = f"CloudFormation, of {event['LogicalResourceId']} ({event['ResourceType']})"
    return Said(by, event.get("ResourceStatusReason", "") or event["ResourceStatus"])


def _silence(told: dict[str, Any], container: Sequence[Said]) -> str:
    """Return that a container should long have written something; nothing where it has."""
    waited = dt.datetime.now(dt.UTC) - told["CreationTime"]
    if told["EndpointStatus"] != "Creating" or container or waited < _SILENT:
        return ""
    minutes = waited // dt.timedelta(minutes=1)
    return f"is Creating for {minutes} minutes, and no container has written a line"
