"""CodeBuild's API.

Source: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import Any, Protocol

from .ending import Ending
from .failures import PhaseError, RequestError
from .projects import Projects
from .queue import BuildQueue
from .record import Data, Progress, new_build
from .run import BuildRun, Machine
from .service_role import ServiceRole

_PAGE = 100
_TOKEN_LASTS = 300
_STOPS_WITHIN = 20.0
"""Seconds that StopBuild waits; the build ends on its own a little later at the worst."""


class Cloud(Protocol):
    """What CodeBuild needs of the emulator."""

    def account(self) -> str:
        """Return the account of this request."""
        ...

    def region(self) -> str:
        """Return the Region of this request."""
        ...

    def store(self) -> MutableMapping[str, Any]:
        """Return a mapping with other contents in each account and Region."""
        ...

    def in_background(self, work: Callable[[], None], name: str) -> threading.Thread:
        """Run something on a thread of its own, in this request's account and Region."""
        ...

    def assume(self, role: str, session: str) -> ServiceRole:
        """Assume a role as CodeBuild; raise :class:`PhaseError` where it may not."""
        ...


class Waits(Protocol):
    """How long AWS's waits last here."""

    def wait(self, seconds: float, at_least: float = 0.0) -> float:
        """Return the seconds that a wait of AWS lasts here."""
        ...


class _Running:
    """A build that waits or runs."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.ending = Ending()
        self.thread: threading.Thread | None = None


class CodeBuild:
    """Projects and builds.

    Args:
        cloud: The emulator.
        machine: Where builds run.
        slots: How many builds run at once in an account and Region; the others wait.
        waits: Shortens time-outs.
        shortest: Seconds that a build may always take, however much time-outs are shortened.
            Default: 600.
    """

    def __init__(
        self, cloud: Cloud, machine: Machine, slots: int, waits: Waits, shortest: float = 600.0
    ) -> None:
        self._cloud = cloud
        self._machine = machine
        self._waits = waits
        self._shortest = shortest
        self.projects = Projects(cloud.store())
        self._builds: MutableMapping[str, _Running] = cloud.store()
        self._tokens: MutableMapping[str, tuple[float, Data, str]] = cloud.store()
        self._queues: dict[tuple[str, str], BuildQueue] = defaultdict(lambda: BuildQueue(slots))
        self._all: list[_Running] = []
        self._lock = threading.Lock()

    def call(self, operation: str, request: Mapping[str, Any]) -> Data:
        """Answer a request.

        Args:
            operation: For example ``StartBuild``.
            request: What is asked, checked already.

        Raises:
            RequestError: It is refused.
        """
        known: dict[str, Callable[[Mapping[str, Any]], Data]] = {
            "CreateProject": lambda told: {"project": self.create_project(told)},
            "UpdateProject": lambda told: {"project": self.projects.update(told)},
            "DeleteProject": self._delete_project,
            "ListProjects": lambda _: {"projects": self.projects.names()},
            "BatchGetProjects": lambda told: self.projects.find(told["names"]),
            "StartBuild": lambda told: {"build": self._start(told)},
            "StopBuild": lambda told: {"build": self._stop(told["id"])},
            "BatchGetBuilds": lambda told: self._get(told["ids"]),
            "ListBuilds": lambda told: _page(self._ids(), told),
            "ListBuildsForProject": self._list_for_project,
        }
        if operation not in known:
            raise RequestError(
                "UnknownOperationException", f"the local CodeBuild can't do {operation}"
            )
        return known[operation](request)

    def create_project(self, request: Mapping[str, Any]) -> Data:
        """Make a project, as CreateProject does.

        Args:
            request: The call.

        Raises:
            RequestError: There is one of this name.
        """
        arn = self._arn("project", request["name"])
        return self.projects.create(request, arn, self._default_key())

    def replace_project(self, request: Mapping[str, Any]) -> Data:
        """Make a project what it would be, had it been created by this call.

        Args:
            request: A CreateProject call with its name.

        Raises:
            RequestError: There is no such project.
        """
        return self.projects.replace(request, self._default_key())

    def close(self) -> None:
        """Stop all builds of all accounts, and wait until they have ended."""
        with self._lock:
            running = list(self._all)
        for each in running:
            each.ending.ask("STOPPED")
        for each in running:
            if each.thread is not None:
                each.thread.join(_STOPS_WITHIN)

    def _start(self, request: Mapping[str, Any]) -> Data:
        with self._lock:
            known = self._started_before(request)
            running = known or self._begin(request)
        if known is None:
            name = f"build {running.progress.snapshot()['id']}"
            running.thread = self._cloud.in_background(lambda: self._run(running), name)
        return running.progress.snapshot()

    def _started_before(self, request: Mapping[str, Any]) -> _Running | None:
        token = request.get("idempotencyToken")
        made, before, build = self._tokens.get(token or "", (0.0, {}, ""))
        if not token or time.time() - made > _TOKEN_LASTS:
            return None
        if before != request:
            raise RequestError(
                "InvalidInputException",
                f"idempotencyToken {token!r} was used for another request; take a new one",
            )
        return self._builds[build]

    def _begin(self, request: Mapping[str, Any]) -> _Running:
        project = self.projects.get(request["projectName"])
        self._check_limit(project)
        name = f"{project['name']}:{uuid.uuid4()}"
        build = new_build(project, request, self._own(name, project))
        build["logs"] = _logs(build, build.pop("logsConfig", {}), self._machine)
        running = _Running(Progress(build))
        self._queue().enter(running.ending)
        for phase in ("SUBMITTED", "QUEUED"):
            running.progress.enter(phase)
            if phase == "SUBMITTED":
                running.progress.leave()
        self._builds[name] = running
        self._all.append(running)
        if token := request.get("idempotencyToken"):
            self._tokens[token] = (time.time(), dict(request), name)
        return running

    def _own(self, name: str, project: Mapping[str, Any]) -> Data:
        return {
            "id": name,
            "arn": self._arn("build", name),
            "buildNumber": len(self._of_project(project["name"])) + 1,
            "initiator": "local",
        }

    def _check_limit(self, project: Mapping[str, Any]) -> None:
        limit = project.get("concurrentBuildLimit")
        open_ = [b for b in self._of_project(project["name"]) if not b["buildComplete"]]
        if limit is not None and len(open_) >= limit:
            raise RequestError(
                "AccountLimitExceededException",
                f"Cannot have more than {limit} active builds for the project",
            )

    def _run(self, running: _Running) -> None:
        build, progress = running.progress.snapshot(), running.progress
        queued = self._waits.wait(build["queuedTimeoutInMinutes"] * 60, self._shortest)
        session = f"AWSCodeBuild-{build['id'].rpartition(':')[2]}"
        try:
            with self._queue().slot(running.ending, queued):
                progress.leave()
                status = BuildRun(
                    progress,
                    self._machine,
                    lambda: self._cloud.assume(build["serviceRole"], session),
                    running.ending,
                    self._waits.wait(build["timeoutInMinutes"] * 60, self._shortest),
                ).run()
        except PhaseError as failure:
            progress.leave(failure)
            status = failure.status
        except Exception as error:
            progress.leave(PhaseError("INTERNAL_SERVICE_ERROR", repr(error), "FAULT"))
            status = "FAULT"
        progress.finish(status)

    def _stop(self, name: str) -> Data:
        running = self._builds.get(name)
        if running is None:
            raise RequestError("ResourceNotFoundException", f"Build cannot be found: {name}")
        if not running.progress.snapshot()["buildComplete"]:
            running.ending.ask("STOPPED")
            if running.thread is not None:
                running.thread.join(_STOPS_WITHIN)
        return running.progress.snapshot()

    def _get(self, ids: Sequence[str]) -> Data:
        found = [name for name in ids if name in self._builds]
        return {
            "builds": [self._builds[name].progress.snapshot() for name in found],
            "buildsNotFound": [name for name in ids if name not in self._builds],
        }

    def _delete_project(self, request: Mapping[str, Any]) -> Data:
        self.projects.delete(request["name"])
        return {}

    def _list_for_project(self, request: Mapping[str, Any]) -> Data:
        name = self.projects.get(request["projectName"])["name"]
        return _page([build["id"] for build in self._of_project(name)], request)

    def _of_project(self, name: str) -> list[Data]:
        return [b for b in self._snapshots() if b["projectName"] == name]

    def _ids(self) -> list[str]:
        return [build["id"] for build in self._snapshots()]

    def _snapshots(self) -> list[Data]:
        builds = [running.progress.snapshot() for running in list(self._builds.values())]
        return sorted(builds, key=lambda build: build["startTime"])

    def _queue(self) -> BuildQueue:
        return self._queues[self._cloud.account(), self._cloud.region()]

    def _default_key(self) -> str:
        return f"arn:aws:kms:{self._cloud.region()}:{self._cloud.account()}:alias/aws/s3"

    def _arn(self, kind: str, name: str) -> str:
        return f"arn:aws:codebuild:{self._cloud.region()}:{self._cloud.account()}:{kind}/{name}"


def _page(ids: list[str], request: Mapping[str, Any]) -> Data:
    ordered = ids if request.get("sortOrder") == "ASCENDING" else ids[::-1]
    start = int(request.get("nextToken", 0))
    more = {"nextToken": str(start + _PAGE)} if len(ordered) > start + _PAGE else {}
    return {"ids": ordered[start : start + _PAGE], **more}


def _logs(build: Mapping[str, Any], config: Mapping[str, Any], machine: Machine) -> Data:
    own = build["id"].rpartition(":")[2]
    told = config.get("cloudWatchLogs", {})
    prefix = told.get("streamName")
    return {
        "groupName": told.get("groupName") or f"/aws/codebuild/{build['projectName']}",
        "streamName": f"{prefix}/{own}" if prefix else own,
        # The console's page of the log is not on this machine; the file is.
        "deepLink": (machine.folder / f"{own}.log").absolute().as_uri(),
        "cloudWatchLogs": {"status": "ENABLED", **told},
    }
