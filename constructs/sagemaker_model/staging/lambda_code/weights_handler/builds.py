"""The builds of one CodeBuild project that stage one prefix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from .answers import code_of

_GONE = "ResourceNotFoundException"
_ENDED = "InvalidInputException"


@dataclass(frozen=True)
class Build:
    """A build.

    Args:
        id: Its id.
        status: ``IN_PROGRESS``, ``SUCCEEDED``, ``FAILED``, ``FAULT``, ``STOPPED``, ``TIMED_OUT``.
        started: When it was asked for, in seconds since 1970.
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

    def newest(self) -> list[Build]:
        """Return those among the project's last hundred builds, the newest first."""
        try:
            ids = self._client.list_builds_for_project(
                projectName=self._project, sortOrder="DESCENDING"
            ).get("ids")
        except ClientError as error:
            if code_of(error) == _GONE:
                return []
            raise
        found = self._client.batch_get_builds(ids=ids)["builds"] if ids else []
        builds = [_build(each) for each in found if self._is_ours(each)]
        return sorted(builds, key=lambda build: build.started, reverse=True)

    def start(self, token: str) -> None:
        """Start a build.

        Args:
            token: The same for a repeated try, which then starts no second build. CodeBuild knows
                it for five minutes: a build that was lost is started anew after that.
        """
        self._client.start_build(projectName=self._project, idempotencyToken=token)

    def stop(self, build: Build) -> None:
        """Stop a build; one that ended meanwhile is fine."""
        try:
            self._client.stop_build(id=build.id)
        except ClientError as error:
            if code_of(error) not in {_GONE, _ENDED}:
                raise

    def _is_ours(self, build: dict[str, Any]) -> bool:
        variables = build.get("environment", {}).get("environmentVariables", ())
        told = {variable["name"]: variable["value"] for variable in variables}
        return told.get("DESTINATION") == self._destination


def _build(data: dict[str, Any]) -> Build:
    return Build(
        id=data["id"],
        status=data["buildStatus"],
        started=data["startTime"].timestamp(),
        reason="; ".join(_messages(data)),
        log=" ".join([data["id"], *filter(None, [data.get("logs", {}).get("deepLink")])]),
    )


def _messages(build: dict[str, Any]) -> Iterator[str]:
    for phase in build.get("phases", ()):
        for context in phase.get("contexts", ()):
            message = context.get("message", "")
            if message and phase.get("phaseStatus") != "SUCCEEDED":
                yield f"{phase.get('phaseType')}: {message}"
