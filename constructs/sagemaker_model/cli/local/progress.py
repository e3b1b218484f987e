"""Show what a command of the CDK CLI makes happen, resource by resource."""

from __future__ import annotations

import datetime as dt
import subprocess
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.status import Status

from sagemaker_model.cli.console import err
from sagemaker_model.cli.local.session import Session
from sagemaker_model.local.build_logs import BuildLogs
from sagemaker_model.local.processes import Process
from sagemaker_model.local.stack_events import StackEvent, StackEvents

_PAUSE = 0.3
_SHOWN_LINES = 25
_WITH_STACKS = ("deploy", "destroy")


class Progress:
    """Tells what happens on the local AWS, line by line.

    Args:
        session: The local AWS and the app.
        since: What was before that is not told.
        line: Line at the bottom that tells what is under way; None where nothing shall be told.
    """

    def __init__(self, session: Session, since: dt.datetime, line: Status | None) -> None:
        stacks = session.app.stacks()
        regions = {stack.region for stack in stacks}
        self._events = StackEvents(session.clients, stacks, since)
        self._logs = BuildLogs(session.clients, regions, since)
        self._line = line
        self._under_way: dict[tuple[str, str], dt.datetime] = {}

    def tell(self) -> None:
        """Tell what has happened since the last call."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            events, lines = self._events.news(), self._logs.news()
        except (ClientError, BotoCoreError):
            # It is busy; what was missed comes with the next call.
            return
        for event in events:
            self._tell_event(event)
        for project, text in lines:
            self._print(f"[cyan]{escape(project[:24])}[/cyan] | {escape(text)}")
        if self._line and self._under_way:
            waiting = ", ".join(f"{stack} {what}" for stack, what in list(self._under_way)[-3:])
            self._line.update(escape(waiting))

    def _tell_event(self, event: StackEvent) -> None:
        key = event.stack, event.what
        if event.begins:
            self._under_way.setdefault(key, event.at)
            return
        begun = self._under_way.pop(key, event.at)
        took = f"{(event.at - begun).total_seconds():5.1f} s"
        style = "red" if event.failed else "green"
        reason = f"\n    {escape(event.reason)}" if event.failed and event.reason else ""
        self._print(
            f"{took}  [{style}]{event.status:<16}[/{style}]  {escape(event.stack)}  "
            f"{escape(event.what)}  [dim]{event.kind}[/dim]{reason}"
        )

    def _print(self, text: str) -> None:
        if self._line:
            err.print(text)


def run_with_progress(session: Session, command: Sequence[str], *, quiet: bool = False) -> int:
    """Run a command of the CDK CLI, and tell what it makes happen.

    Args:
        session: The local AWS and the app.
        command: The command.
        quiet: Whether only a failure is told. Default: everything is.

    Returns:
        Its exit code.
    """
    verb = command[1]
    log = session.record.state / "logs" / f"cdk-{verb}.log"
    # CloudFormation tells whole milliseconds, so what has just begun may seem older.
    since = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
    status: Any = nullcontext() if quiet else err.status(f"cdk {verb}")
    with status as line, log.open("wb") as output:
        process = session.app.run(command, output)
        # With all that it runs: the app, and what that starts.
        family = Process.with_pid(process.pid)
        try:
            if verb in _WITH_STACKS:
                _follow(process, Progress(session, since, line))
            process.wait()
        except BaseException:
            family.stop()
            raise
    if process.returncode:
        _show_end(log, verb)
    return process.returncode


def _follow(process: subprocess.Popen[bytes], progress: Progress) -> None:
    while process.poll() is None:
        progress.tell()
        try:
            process.wait(_PAUSE)
        except subprocess.TimeoutExpired:
            continue
    progress.tell()


def _show_end(log: Path, verb: str) -> None:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    err.print(f"cdk {verb} failed; the end of {log}:", style="red", markup=False)
    err.print("\n".join(lines[-_SHOWN_LINES:]), markup=False)
