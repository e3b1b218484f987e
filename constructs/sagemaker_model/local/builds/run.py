"""One build, from the machine that it gets to the end of its log.

Source: "Build phase transitions",
https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from .buildspec import Buildspec, BuildspecError, parse
from .ending import Ending
from .failures import PhaseError
from .log import BuildLog, Sink
from .phases import Phases
from .record import Progress
from .service_role import ServiceRole, told_by
from .shell import Shell
from .source import read_buildspec, sources_of, unpack
from .variables import Variable, VariableError, merge, resolve
from .workspace import Workspace, reach_loopback

_CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


@dataclass(frozen=True)
class Machine:
    """What a build finds.

    Args:
        folder: Folder for the builds' folders and logs.
        host: Variables of this machine.
        python: Interpreter whose packages builds find. Default: this one.
        defaults: Variables that a build has unless its project gives them. Default: none.
    """

    folder: Path
    host: Mapping[str, str]
    python: Path | None = None
    defaults: Mapping[str, str] = field(default_factory=dict)


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
                succeeded = self._run_phases(role, log)
            finally:
                log.close()
                self._finalize()
        return succeeded

    def _run_phases(self, role: ServiceRole, log: BuildLog) -> bool:
        with self._phase("DOWNLOAD_SOURCE", log):
            spec, environment = self._prepare(role, log)
        folder = self._workspace.source("")
        scratch = self._workspace.scratch
        shell = Shell(spec.shell, folder, environment, scratch=scratch, output=log.output)
        self._ending.on_ask(shell.kill)
        try:
            phases = Phases(shell, self._progress, log.say, self._ending.check)
            succeeded = phases.run(spec)
            exported = shell.values(spec.exported)
        finally:
            shell.close()
        told = [{"name": name, "value": value} for name, value in exported.items()]
        self._progress.note(exportedEnvironmentVariables=told)
        with self._phase("UPLOAD_ARTIFACTS"):
            return succeeded

    def _finalize(self) -> None:
        with self._phase("FINALIZING", checked=False):
            for error in self._unsent:
                raise PhaseError("CLIENT_ERROR", _told(error))

    def _prepare(self, role: ServiceRole, log: BuildLog) -> tuple[Buildspec, dict[str, str]]:
        sources = sources_of(self._build)
        built_in = built_in_variables(self._build)
        for source in sources:
            folder = self._workspace.source(source.name)
            folder.mkdir()
            unpack(source, folder, role)
            built_in |= source.variables(folder)
        primary = self._workspace.source("")
        log.say(f"CODEBUILD_SRC_DIR={primary}")
        spec = _parse(read_buildspec(self._build["source"].get("buildspec"), primary, role))
        _tell(spec, log)
        return spec, self._environment(spec, role, log, built_in)

    def _environment(
        self, spec: Buildspec, role: ServiceRole, log: BuildLog, built_in: Mapping[str, str]
    ) -> dict[str, str]:
        given = self._build["environment"].get("environmentVariables", ())
        as_role = role.environment()
        try:
            project = [Variable.of(each) for each in given]
            resolved = resolve(merge(spec.variables, project), role)
        except VariableError as error:
            raise PhaseError("Decrypted Variables Error", str(error)) from None
        except ClientError as error:
            raise PhaseError("Decrypted Variables Error", told_by(error)) from None
        log.hide([*resolved.secrets, *(as_role.get(name, "") for name in _CREDENTIALS)])
        base = self._workspace.environment(self._machine.host) | dict(self._machine.defaults)
        return reach_loopback({**base, **as_role, **resolved.values, **built_in})

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
        if _logs_to_cloudwatch(self._build):
            logs = self._build["logs"]
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
        try:
            if checked:
                self._ending.check()
            yield
            if checked:
                self._ending.check()
        except PhaseError as error:
            failure = error
            raise
        except Exception as error:
            failure = PhaseError("INTERNAL_SERVICE_ERROR", repr(error), "FAULT")
            raise failure from error
        finally:
            self._progress.leave(failure)
            if log is not None:
                _tell_end(name, failure, log)


def built_in_variables(build: Mapping[str, Any]) -> dict[str, str]:
    """Return the variables that CodeBuild itself sets, without those of the sources.

    Source: "Environment variables in build environments",
    https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html

    Args:
        build: The build's record, as the API has it.
    """
    return {
        "CODEBUILD_BUILD_ARN": build["arn"],
        "CODEBUILD_BUILD_ID": build["id"],
        "CODEBUILD_BUILD_IMAGE": build["environment"].get("image", ""),
        "CODEBUILD_BUILD_NUMBER": str(build["buildNumber"]),
        "CODEBUILD_BUILD_SUCCEEDING": "1",
        "CODEBUILD_INITIATOR": build["initiator"],
        "CODEBUILD_KMS_KEY_ID": build.get("encryptionKey", ""),
        "CODEBUILD_LOG_PATH": build["logs"]["streamName"],
        "CODEBUILD_START_TIME": str(int(build["startTime"] * 1000)),
    }


def _parse(text: str) -> Buildspec:
    try:
        return parse(text)
    except BuildspecError as error:
        raise PhaseError("YAML_FILE_ERROR", str(error)) from None


def _tell(spec: Buildspec, log: BuildLog) -> None:
    if spec.runtimes:
        wanted = ", ".join(f"{name} {version}" for name, version in spec.runtimes.items())
        log.say(f"Runtimes are this machine's own, in place of {wanted}")
    if spec.not_emulated:
        log.say(f"Not emulated, without effect: {', '.join(spec.not_emulated)} of the buildspec")


def _tell_end(name: str, failure: PhaseError | None, log: BuildLog) -> None:
    log.say(f"Phase complete: {name} State: {failure.status if failure else 'SUCCEEDED'}")
    if failure:
        log.say(f"Phase context status code: {failure.code} Message: {failure.message}")


def _logs_to_cloudwatch(build: Mapping[str, Any]) -> bool:
    return bool(build["logs"]["cloudWatchLogs"]["status"] == "ENABLED")


def _no_stream(build: Mapping[str, Any], error: ClientError) -> str:
    return (
        f"Service role {build['serviceRole']} does not allow AWS CodeBuild to create Amazon "
        f"CloudWatch Logs log streams for build {build['arn']}. Error message: {told_by(error)}"
    )


def _told(error: ClientError | BotoCoreError) -> str:
    return told_by(error) if isinstance(error, ClientError) else str(error)
