"""One build, from the machine that it gets to the end of its log.

Source: "Build phase transitions",
https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from .ending import Ending
from .failures import PhaseError
from .log import BuildLog, Sink
from .phases import Phases
from .preparation import Machine, Prepared, prepare
from .record import Progress
from .service_role import ServiceRole, told_by
from .shell import Shell
from .workspace import Workspace


class BuildRun:
    """Runs one build and keeps its record.

    Args:
        progress: The build's record.
        machine: Where it runs.
        assume: Returns what the build does as its project's role.
        ending: Tells that the build is to end.
        timeout: Seconds after which it has timed out.
    """

    def __init__(
        self,
        progress: Progress,
        machine: Machine,
        assume: Callable[[], ServiceRole],
        ending: Ending,
        timeout: float,
    ) -> None:
        self._progress = progress
        self._build = progress.snapshot()
        self._machine = machine
        self._assume = assume
        self._ending = ending
        self._timeout = timeout
        self._unsent: list[ClientError | BotoCoreError] = []
        uuid = self._build["id"].rpartition(":")[2]
        self._workspace = Workspace(machine.folder / uuid)
        self._file = machine.folder / f"{uuid}.log"

    def run(self) -> str:
        """Run it, and return its status."""
        timer = threading.Timer(self._timeout, self._ending.ask, ["TIMED_OUT"])
        timer.daemon = True
        timer.start()
        try:
            return "SUCCEEDED" if self._run() else "FAILED"
        except PhaseError as failure:
            return failure.status
        finally:
            timer.cancel()
            self._workspace.remove()

    def _run(self) -> bool:
        with self._phase("PROVISIONING"):
            role = self._assume()
            sinks = self._sinks(role)
            self._make_workspace()
        with BuildLog(*sinks) as log:
            try:
                succeeded = self._run_logged(role, log)
            finally:
                log.close()
                self._finalize()
        return succeeded

    def _run_logged(self, role: ServiceRole, log: BuildLog) -> bool:
        with self._phase("DOWNLOAD_SOURCE", log):
            prepared = prepare(self._build, self._workspace, self._machine, role, log)
        succeeded = self._run_commands(prepared, log)
        with self._phase("UPLOAD_ARTIFACTS"):
            return succeeded

    def _run_commands(self, prepared: Prepared, log: BuildLog) -> bool:
        spec = prepared.spec
        shell = Shell(
            spec.shell,
            self._workspace.source(""),
            prepared.environment,
            scratch=self._workspace.scratch,
            output=log.output,
        )
        self._ending.on_ask(shell.kill)
        try:
            succeeded = Phases(shell, self._progress, log, self._ending.check).run(spec)
            exported = shell.values(spec.exported)
        finally:
            shell.close()
        told = [{"name": name, "value": value} for name, value in exported.items()]
        self._progress.note(exportedEnvironmentVariables=told)
        return succeeded

    def _finalize(self) -> None:
        with self._phase("FINALIZING", checked=False):
            for error in self._unsent:
                told = told_by(error) if isinstance(error, ClientError) else str(error)
                raise PhaseError("CLIENT_ERROR", told)

    def _make_workspace(self) -> None:
        try:
            self._workspace.make(self._machine.python)
        except subprocess.CalledProcessError as error:
            raise PhaseError(
                "CLIENT_ERROR",
                f"{error.cmd[0]} can't make a Python for the build: {error.stderr.decode()}",
            ) from None

    def _sinks(self, role: ServiceRole) -> list[Sink]:
        self._machine.folder.mkdir(parents=True, exist_ok=True)
        sinks: list[Sink] = [self._write]
        logs = self._build["logs"]
        if logs["cloudWatchLogs"]["status"] == "ENABLED":
            try:
                send = role.open_log(logs["groupName"], logs["streamName"])
            except ClientError as error:
                raise PhaseError("ACCESS_DENIED", _no_stream(self._build, error)) from None
            sinks.append(lambda lines: self._send(send, lines))
        return sinks

    def _write(self, lines: Sequence[str]) -> None:
        with self._file.open("a", encoding="utf-8") as out:
            out.writelines(f"{line}\n" for line in lines)

    def _send(self, send: Sink, lines: Sequence[str]) -> None:
        if not self._unsent:
            try:
                send(lines)
            except (ClientError, BotoCoreError) as error:
                self._unsent.append(error)

    @contextmanager
    def _phase(
        self, name: str, log: BuildLog | None = None, *, checked: bool = True
    ) -> Iterator[None]:
        self._progress.enter(name)
        failure = None
        check = self._ending.check if checked else _nothing
        try:
            check()
            yield
            check()
        except PhaseError as error:
            failure = error
            raise
        except Exception as error:
            failure = PhaseError("INTERNAL_SERVICE_ERROR", repr(error), "FAULT")
            raise failure from error
        finally:
            self._progress.leave(failure)
            if log is not None:
                log.end_of_phase(name, failure)


def _nothing() -> None:
    return


def _no_stream(build: Mapping[str, Any], error: ClientError) -> str:
    return (
        f"Service role {build['serviceRole']} does not allow AWS CodeBuild to create Amazon "
        f"CloudWatch Logs log streams for build {build['arn']}. Error message: {told_by(error)}"
    )
