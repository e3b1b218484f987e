"""A build's record, in the shape in which the API tells it.

Source: API reference of Build,
https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Build.html
"""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .failures import PhaseError, RequestError
from .variables import override

Data = dict[str, Any]

_OF_SOURCE = {
    "sourceTypeOverride": "type",
    "sourceLocationOverride": "location",
    "buildspecOverride": "buildspec",
}
_OF_ENVIRONMENT = {
    "environmentTypeOverride": "type",
    "imageOverride": "image",
    "computeTypeOverride": "computeType",
    "privilegedModeOverride": "privilegedMode",
}
_OF_BUILD = {
    "sourceVersion": "sourceVersion",
    "secondarySourcesOverride": "secondarySources",
    "secondarySourcesVersionOverride": "secondarySourceVersions",
    "serviceRoleOverride": "serviceRole",
    "timeoutInMinutesOverride": "timeoutInMinutes",
    "queuedTimeoutInMinutesOverride": "queuedTimeoutInMinutes",
    "encryptionKeyOverride": "encryptionKey",
    "logsConfigOverride": "logsConfig",
}
_ELSEWHERE = {"projectName", "environmentVariablesOverride", "idempotencyToken"}
_COPIED = (
    "source",
    "secondarySources",
    "sourceVersion",
    "secondarySourceVersions",
    "cache",
    "environment",
    "serviceRole",
    "timeoutInMinutes",
    "queuedTimeoutInMinutes",
    "encryptionKey",
    "vpcConfig",
    "logsConfig",
)


def new_build(
    project: Mapping[str, Any], request: Mapping[str, Any], own: Mapping[str, Any]
) -> Data:
    """Return the record of a build that was just asked for.

    Args:
        project: The project, as the API has it.
        request: The StartBuild call.
        own: What is the build's own: ``id``, ``arn``, ``buildNumber`` and so on.

    Raises:
        RequestError: The call overrides what has no effect here.
    """
    build = {name: copy.deepcopy(project[name]) for name in _COPIED if name in project}
    _apply(build, request)
    return {
        **own,
        **build,
        "projectName": project["name"],
        "buildStatus": "IN_PROGRESS",
        "buildComplete": False,
        "startTime": time.time(),
        "phases": [],
    }


def logs_of(build: Data, folder: Path) -> Data:
    """Return where a build's log goes; its ``logsConfig`` is taken out of the record.

    Args:
        build: The build's record.
        folder: Folder with the logs of all builds.
    """
    own = build["id"].rpartition(":")[2]
    told = build.pop("logsConfig", {}).get("cloudWatchLogs", {})
    prefix = told.get("streamName")
    return {
        "groupName": told.get("groupName") or f"/aws/codebuild/{build['projectName']}",
        "streamName": f"{prefix}/{own}" if prefix else own,
        # The console's page of the log is not on this machine; the file is.
        "deepLink": (folder / f"{own}.log").absolute().as_uri(),
        "cloudWatchLogs": {"status": "ENABLED", **told},
    }


def _apply(build: Data, request: Mapping[str, Any]) -> None:
    source, environment = build.setdefault("source", {}), build.setdefault("environment", {})
    for name, value in request.items():
        if name in _OF_SOURCE:
            source[_OF_SOURCE[name]] = value
        elif name in _OF_ENVIRONMENT:
            environment[_OF_ENVIRONMENT[name]] = value
        elif name in _OF_BUILD:
            build[_OF_BUILD[name]] = value
        elif name not in _ELSEWHERE:
            raise RequestError("InvalidInputException", f"the local CodeBuild can't do {name}")
    environment["environmentVariables"] = override(
        environment.get("environmentVariables", ()),
        request.get("environmentVariablesOverride", ()),
    )


class Progress:
    """Writes down how far a build has come; one thread writes, others may read.

    Args:
        data: The build's record, which it changes.
    """

    def __init__(self, data: Data) -> None:
        self._data = data
        self._lock = threading.Lock()

    def snapshot(self) -> Data:
        """Return the record as it is now."""
        with self._lock:
            return copy.deepcopy(self._data)

    def note(self, **members: Any) -> None:
        """Set members of the record."""
        with self._lock:
            self._data.update(members)

    def enter(self, phase: str) -> None:
        """Begin a phase.

        Args:
            phase: Its type, for example ``BUILD``.
        """
        with self._lock:
            self._data["currentPhase"] = phase
            self._data["phases"].append({"phaseType": phase, "startTime": time.time()})

    def leave(self, failure: PhaseError | None = None) -> None:
        """End the phase that was begun last.

        Args:
            failure: Why it failed. Default: it succeeded.
        """
        code, message = (failure.code, failure.message) if failure else ("", "")
        with self._lock:
            phase, now = self._data["phases"][-1], time.time()
            phase |= {
                "phaseStatus": failure.status if failure else "SUCCEEDED",
                "endTime": now,
                "durationInSeconds": round(now - phase["startTime"]),
                "contexts": [{"statusCode": code, "message": message}],
            }

    def finish(self, status: str) -> None:
        """End the build.

        Args:
            status: ``SUCCEEDED``, ``FAILED``, ``FAULT``, ``STOPPED`` or ``TIMED_OUT``.
        """
        with self._lock:
            now = time.time()
            self._data["phases"].append({"phaseType": "COMPLETED", "startTime": now})
            self._data |= {
                "currentPhase": "COMPLETED",
                "buildStatus": status,
                "buildComplete": True,
                "endTime": now,
            }
