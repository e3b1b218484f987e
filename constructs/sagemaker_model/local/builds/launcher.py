"""The builds of each account and Region: started, stopped, and kept."""

from __future__ import annotations

import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import Any

from .cloud import Cloud, Waits, arn
from .ending import Ending
from .failures import PhaseError, RequestError
from .preparation import Machine
from .queue import BuildQueue
from .record import Data, Progress, logs_of, new_build
from .run import BuildRun

_TOKEN_LASTS = 300.0
_TOKEN_LASTS_HERE = 5.0
"""Seconds that CodeBuild knows an idempotencyToken (API reference of StartBuild), and that it does
here at the least: those who ask again wait shorter too."""
_STOPS_WITHIN = 20.0
"""Seconds that StopBuild waits; the build ends on its own a little later at the worst."""


class _Running:
    """A build that waits, runs, or has ended."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.ending = Ending()
        self.thread: threading.Thread | None = None

    def begin(self, cloud: Cloud, work: Callable[[], None]) -> None:
        name = f"build {self.progress.snapshot()['id']}"
        self.thread = cloud.in_background(work, name)

    def stop(self) -> None:
        if not self.progress.snapshot()["buildComplete"]:
            self.ending.ask("STOPPED")

    def wait(self) -> None:
        if self.thread is not None:
            self.thread.join(_STOPS_WITHIN)


class Launcher:
    """Runs builds.

    Args:
        cloud: The emulator.
        machine: Where builds run.
        slots: How many builds run at once in an account and Region; the others wait.
        waits: Shortens time-outs.
        shortest: Seconds that a build may always wait and run, however much time-outs are
            shortened.
    """

    def __init__(
        self, cloud: Cloud, machine: Machine, slots: int, waits: Waits, shortest: float
    ) -> None:
        self._cloud = cloud
        self._machine = machine
        self._waits = waits
        self._shortest = shortest
        self._builds: MutableMapping[str, _Running] = cloud.store()
        self._tokens: MutableMapping[str, tuple[float, Data, str]] = cloud.store()
        self._queues: dict[tuple[str, str], BuildQueue] = defaultdict(lambda: BuildQueue(slots))
        self._all: list[_Running] = []
        self._lock = threading.Lock()

    def start(self, project: Mapping[str, Any], request: Mapping[str, Any]) -> Data:
        """Start a build, or return the one that the same request started before.

        Args:
            project: The project, as the API has it.
            request: The StartBuild call. Its ``idempotencyToken`` is known for five minutes, which
                are shortened as other waits are.

        Raises:
            RequestError: As many builds wait as may, or the call overrides what it can't.
        """
        with self._lock:
            before = self._started_before(request)
            running = before or self._begin(project, request)
        if before is None:
            running.begin(self._cloud, lambda: self._run(running))
        return running.progress.snapshot()

    def stop(self, name: str) -> Data:
        """Stop a build and all that it started; one that has ended stays as it is.

        Args:
            name: Its id.

        Raises:
            RequestError: There is none.
        """
        running = self._builds.get(name)
        if running is None:
            raise RequestError("ResourceNotFoundException", f"Build cannot be found: {name}")
        running.stop()
        running.wait()
        return running.progress.snapshot()

    def find(self, names: Sequence[str]) -> Data:
        """Return those of these builds that there are, and the ids of the others.

        Args:
            names: Ids of builds.
        """
        found = [name for name in names if name in self._builds]
        return {
            "builds": [self._builds[name].progress.snapshot() for name in found],
            "buildsNotFound": [name for name in names if name not in self._builds],
        }

    def delete(self, names: Sequence[str]) -> Data:
        """Forget builds that have ended; return which, and which not.

        Args:
            names: Ids of builds.
        """
        open_ = [build["id"] for build in self.builds() if not build["buildComplete"]]
        deleted = [name for name in names if name in self._builds and name not in open_]
        for name in deleted:
            del self._builds[name]
        kept = [{"id": n, "statusCode": "BUILD_IN_PROGRESS"} for n in names if n in open_]
        return {
            "buildsDeleted": [arn(self._cloud, "build", name) for name in deleted],
            "buildsNotDeleted": kept,
        }

    def builds(self, project: str | None = None) -> list[Data]:
        """Return the builds, the oldest first.

        Args:
            project: Name of their project. Default: any.
        """
        found = [running.progress.snapshot() for running in list(self._builds.values())]
        wanted = [build for build in found if project in (None, build["projectName"])]
        return sorted(wanted, key=lambda build: build["startTime"])

    def close(self) -> None:
        """Stop all builds of all accounts, and wait until they have ended."""
        with self._lock:
            running = list(self._all)
        for each in running:
            each.stop()
        for each in running:
            each.wait()

    def _started_before(self, request: Mapping[str, Any]) -> _Running | None:
        token = request.get("idempotencyToken")
        made, before, build = self._tokens.get(token or "", (0.0, {}, ""))
        lasts = self._waits.wait(_TOKEN_LASTS, _TOKEN_LASTS_HERE)
        if not token or time.time() - made > lasts:
            return None
        if before != request:
            raise RequestError(
                "InvalidInputException",
                f"idempotencyToken {token!r} was used for another request; take a new one",
            )
        return self._builds.get(build)

    def _begin(self, project: Mapping[str, Any], request: Mapping[str, Any]) -> _Running:
        earlier = self.builds(project["name"])
        _check_limit(project, earlier)
        name = f"{project['name']}:{uuid.uuid4()}"
        own = {
            "id": name,
            "arn": arn(self._cloud, "build", name),
            "buildNumber": max((build["buildNumber"] for build in earlier), default=0) + 1,
            "initiator": "local",
        }
        build = new_build(project, request, own)
        build["logs"] = logs_of(build, self._machine.folder)
        running = _Running(Progress(build))
        self._queue().enter(running.ending)
        running.progress.enter("SUBMITTED")
        running.progress.leave()
        running.progress.enter("QUEUED")
        self._builds[name] = running
        self._all.append(running)
        if token := request.get("idempotencyToken"):
            self._tokens[token] = (time.time(), dict(request), name)
        return running

    def _run(self, running: _Running) -> None:
        progress = running.progress
        try:
            status = self._run_in_slot(running)
        except PhaseError as failure:
            progress.leave(failure)
            status = failure.status
        except Exception as error:
            # A build that nobody ends would seem to run on.
            progress.leave(PhaseError("INTERNAL_SERVICE_ERROR", repr(error), "FAULT"))
            status = "FAULT"
        progress.finish(status)

    def _run_in_slot(self, running: _Running) -> str:
        build = running.progress.snapshot()
        session = f"AWSCodeBuild-{build['id'].rpartition(':')[2]}"
        with self._queue().slot(running.ending, self._wait(build["queuedTimeoutInMinutes"])):
            running.progress.leave()
            return BuildRun(
                running.progress,
                self._machine,
                lambda: self._cloud.assume(build, session),
                running.ending,
                self._wait(build["timeoutInMinutes"]),
            ).run()

    def _wait(self, minutes: int) -> float:
        return self._waits.wait(minutes * 60, self._shortest)

    def _queue(self) -> BuildQueue:
        return self._queues[self._cloud.account(), self._cloud.region()]


def _check_limit(project: Mapping[str, Any], builds: Sequence[Data]) -> None:
    limit = project.get("concurrentBuildLimit")
    open_ = [build for build in builds if not build["buildComplete"]]
    if limit is not None and len(open_) >= limit:
        raise RequestError(
            "AccountLimitExceededException",
            f"Cannot have more than {limit} active builds for the project",
        )
