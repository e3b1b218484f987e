"""The builds of one CodeBuild project that stage one prefix."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

log = logging.getLogger(__name__)
_LOOKED_AT = 100
"""Builds that one request of ListBuildsForProject and of BatchGetBuilds gives."""
# New accounts may run one build at a time or none: "Cannot have more than N builds in queue".
_BUSY = frozenset(
    {
        "AccountLimitExceededException",
        "ThrottlingException",
        "TooManyRequestsException",
        "InternalFailure",
        "InternalServerError",
        "ServiceUnavailable",
        "ServiceUnavailableException",
    }
)
_GONE = "ResourceNotFoundException"


@dataclass(frozen=True)
class Build:
    """A build.

    Args:
        id: Its id.
        status: ``IN_PROGRESS``, ``SUCCEEDED``, ``FAILED``, ``FAULT``, ``STOPPED``, ``TIMED_OUT``.
        started: When, in seconds since 1970.
        reason: What its failed phases say.
        log: Address of its log.
    """

    id: str
    status: str
    started: float
    reason: str
    log: str

    @property
    def runs(self) -> bool:
        """Whether it waits or works."""
        return self.status == "IN_PROGRESS"


class Builds:
    """The builds of a project whose destination is one prefix.

    Args:
        client: boto3's CodeBuild client.
        project: Name of the project.
        destination: ``s3://bucket/prefix/``.
    """

    def __init__(self, client: Any, project: str, destination: str) -> None:
        self._client = client
        self._project = project
        self._destination = destination

    def newest(self) -> list[Build] | None:
        """Return them, the newest first; None where CodeBuild is too busy to tell."""
        try:
            ids = self._client.list_builds_for_project(
                projectName=self._project, sortOrder="DESCENDING"
            )["ids"][:_LOOKED_AT]
            found = self._client.batch_get_builds(ids=ids)["builds"] if ids else []
        except ClientError as error:
            if _code(error) == _GONE:
                return []
            _wait(error)
            return None
        builds = [_build(each) for each in found if self._is_ours(each)]
        return sorted(builds, key=lambda build: -build.started)

    def start(self, token: str) -> None:
        """Start a build, or leave it to the next try where CodeBuild takes none now.

        Args:
            token: The same for a repeated try, so that it starts no second build.
        """
        try:
            self._client.start_build(projectName=self._project, idempotencyToken=token)
        except ClientError as error:
            _wait(error)

    def stop(self, build: Build) -> None:
        """Stop a build; one that ended meanwhile is fine."""
        try:
            self._client.stop_build(id=build.id)
        except ClientError as error:
            if _code(error) not in {_GONE, "InvalidInputException"}:
                _wait(error)

    def _is_ours(self, build: dict[str, Any]) -> bool:
        variables = build.get("environment", {}).get("environmentVariables", ())
        told = {variable["name"]: variable["value"] for variable in variables}
        return told.get("DESTINATION") == self._destination


def _wait(error: ClientError) -> None:
    """Let the next call try again, unless that would not help."""
    if _code(error) not in _BUSY:
        raise error
    log.info("CodeBuild is busy: %s", error)


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _build(data: dict[str, Any]) -> Build:
    return Build(
        id=data["id"],
        status=data["buildStatus"],
        started=data["startTime"].timestamp() if "startTime" in data else 0,
        reason="; ".join(_messages(data)),
        log=data.get("logs", {}).get("deepLink", ""),
    )


def _messages(build: dict[str, Any]) -> Iterator[str]:
    for phase in build.get("phases", ()):
        for context in phase.get("contexts", ()):
            message = context.get("message", "")
            if message and phase.get("phaseStatus") != "SUCCEEDED":
                yield f"{phase.get('phaseType')}: {message}"
