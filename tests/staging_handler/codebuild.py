"""AWS CodeBuild as boto3's own client sees it: what it answers holds to botocore's service model.

It knows idempotency tokens for five minutes, as CodeBuild does; refuses builds above a quota; and
can lose a build: started, but never listed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import uuid4

import boto3
from botocore.config import Config
from botocore.validate import validate_parameters

LOG = "https://console.example/log"
_TOKEN_HOLDS = 5 * 60


@dataclass(frozen=True)
class Http:
    """As much of an answer as boto3's client looks at."""

    status_code: int


def refuse(code: str, message: str = "told to", status: int = 400) -> tuple[Http, dict[str, Any]]:
    """Return the answer of a service that refuses."""
    error = {"Code": code, "Message": message}
    return Http(status), {"Error": error, "ResponseMetadata": {"HTTPStatusCode": status}}


@cache
def connect(service: str) -> Any:
    """Return boto3's client, which tries once; it takes long to make, so all tests share it."""
    return boto3.client(
        service,  # type: ignore[call-overload]
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )


Handler = Callable[..., "tuple[Http, Any] | None"]


@dataclass
class Hooks:
    """Handlers that answer instead of the network, while one test runs.

    Args:
        client: boto3's client.
    """

    client: Any
    _added: list[tuple[str, Handler]] = field(default_factory=list)

    def add(self, event: str, handler: Handler) -> None:
        """Ask *handler* first; where it returns None, the next one is asked."""
        self.client.meta.events.register_first(event, handler)
        self._added.append((event, handler))

    def remove_all(self) -> None:
        """Leave the client as it was."""
        for event, handler in self._added:
            self.client.meta.events.unregister(event, handler)


@dataclass
class FakeCodeBuild:
    """One project.

    Args:
        project: Its name.
        destination: What its environment says, where the next build will stage.
        now: Tells seconds since 1970.
        quota: Builds that the account may have at a time.
        lost: Builds that will be started, but never listed.
        builds: All that are listed, the oldest first.
        asked: Operations that were asked for.
        faults: Operation, code and status of what will be refused next.
    """

    project: str
    destination: str
    now: Callable[[], float]
    quota: int = 10
    lost: int = 0
    builds: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    faults: list[tuple[str, str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._tokens: dict[str, tuple[dict[str, Any], float]] = {}
        self.hooks = Hooks(connect("codebuild"))
        self.client = self.hooks.client
        self.hooks.add("before-call.codebuild", self._answer)

    def finish(self, status: str = "SUCCEEDED", message: str = "", phase: str = "BUILD") -> None:
        """End the newest build."""
        self.builds[-1]["buildStatus"] = status
        if message:
            ended = "SUCCEEDED" if status == "SUCCEEDED" else "FAILED"
            self.builds[-1]["phases"] += [
                {
                    "phaseType": "INSTALL",
                    "phaseStatus": "SUCCEEDED",
                    "contexts": [{"message": "all well"}],
                },
                {"phaseType": phase, "phaseStatus": ended, "contexts": [{"message": message}]},
            ]

    def statuses(self) -> list[str]:
        """Return the statuses of all builds that are listed, the oldest first."""
        return [build["buildStatus"] for build in self.builds]

    def _answer(self, model: Any, params: Mapping[str, Any], **_: object) -> tuple[Http, Any]:
        operation = model.name
        self.asked.append(operation)
        for fault in self.faults:
            if fault[0] == operation:
                self.faults.remove(fault)
                return refuse(fault[1], status=fault[2])
        http, answer = _METHODS[operation](self, json.loads(params["body"]))
        if "Error" in answer:
            assert answer["Error"]["Code"] in {shape.name for shape in model.error_shapes}
        else:
            validate_parameters(answer, model.output_shape)
        return http, answer

    def _start(self, request: Mapping[str, Any]) -> tuple[Http, dict[str, Any]]:
        if request["projectName"] != self.project:
            return refuse("ResourceNotFoundException")
        token = request["idempotencyToken"]
        known, at = self._tokens.get(token, (None, 0.0))
        if known is not None and self.now() - at < _TOKEN_HOLDS:
            return Http(200), {"build": known}
        if self.statuses().count("IN_PROGRESS") >= self.quota:
            text = f"Cannot have more than {self.quota} builds in queue for the account"
            return refuse("AccountLimitExceededException", text)
        build = self._new_build()
        self._tokens[token] = build, self.now()
        if self.lost:
            self.lost -= 1
        else:
            self.builds.append(build)
        return Http(200), {"build": build}

    def _new_build(self) -> dict[str, Any]:
        return {
            "id": f"{self.project}:{uuid4()}",
            "projectName": self.project,
            "buildStatus": "IN_PROGRESS",
            "startTime": datetime.fromtimestamp(self.now(), UTC),
            "phases": [{"phaseType": "SUBMITTED", "phaseStatus": "SUCCEEDED"}],
            "logs": {"deepLink": LOG},
            "environment": {
                "type": "LINUX_CONTAINER",
                "image": "aws/codebuild/standard:7.0",
                "computeType": "BUILD_GENERAL1_SMALL",
                "environmentVariables": [
                    {"name": "MODEL_ID", "value": "org/name"},
                    {"name": "DESTINATION", "value": self.destination, "type": "PLAINTEXT"},
                ],
            },
        }

    def _stop(self, request: Mapping[str, Any]) -> tuple[Http, dict[str, Any]]:
        for build in self.builds:
            if build["id"] == request["id"]:
                if build["buildStatus"] != "IN_PROGRESS":
                    return refuse("InvalidInputException", "Build is not in progress")
                build["currentPhase"] = "STOPPING"
                return Http(200), {"build": build}
        return refuse("ResourceNotFoundException")

    def _list(self, request: Mapping[str, Any]) -> tuple[Http, dict[str, Any]]:
        if request["projectName"] != self.project:
            return refuse("ResourceNotFoundException")
        ids = [build["id"] for build in self.builds]
        newest_first = request.get("sortOrder") == "DESCENDING"
        # A list that is there has an element, says the service's model.
        return Http(200), {"ids": (ids[::-1] if newest_first else ids)[:100]} if ids else {}

    def _get(self, request: Mapping[str, Any]) -> tuple[Http, dict[str, Any]]:
        ids = request["ids"]
        if not 1 <= len(ids) <= 100:
            return refuse("InvalidInputException")
        return Http(200), {"builds": [build for build in self.builds if build["id"] in ids]}


_METHODS: Mapping[str, Callable[[FakeCodeBuild, Mapping[str, Any]], tuple[Http, Any]]] = {
    "StartBuild": FakeCodeBuild._start,
    "StopBuild": FakeCodeBuild._stop,
    "ListBuildsForProject": FakeCodeBuild._list,
    "BatchGetBuilds": FakeCodeBuild._get,
}
