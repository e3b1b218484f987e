"""Start programs that outlive the command, and end exactly those."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

_SAME_START = 0.5
"""Seconds that two readings of one process's start may differ by, as clocks are set."""


@dataclass(frozen=True)
class Process:
    """A program that was started, told apart from any later one with its number.

    Args:
        pid: Its number, which the system gives to others once it has ended.
        started: When it was started, in seconds since 1970.
    """

    pid: int
    started: float

    @classmethod
    def start(cls, command: Sequence[str], *, environment: Mapping[str, str], log: Path) -> Process:
        """Start a program in a session of its own, so that it outlives this one.

        Args:
            command: The program and its arguments.
            environment: All of its variables.
            log: File that its output is added to.
        """
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            started = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        # Another command ends it: Python need not remind this one to wait for it.
        started.returncode = 0
        # It outlives this process, which therefore never waits for it and need not warn of that.
        started.returncode = 0
        return cls.with_pid(started.pid)

    @classmethod
    def with_pid(cls, pid: int) -> Process:
        """Return the program that has a number now.

        Raises:
            psutil.NoSuchProcess: None has it.
        """
        import psutil

        return cls(pid, psutil.Process(pid).create_time())

    def runs(self) -> bool:
        """Tell whether it is still that program that has the number, and not an ended one."""
        import psutil

        process = self._process()
        return process is not None and process.status() != psutil.STATUS_ZOMBIE

    def stop(self, patience: float = 10.0) -> None:
        """End it and what it started; that it has ended already is fine.

        Args:
            patience: Seconds it has to end by itself, before it is killed. Default: 10.
        """
        import psutil

        process = self._process()
        if process is None:
            return
        family = [process, *process.children(recursive=True)]
        with suppress(psutil.NoSuchProcess):
            process.terminate()
        psutil.wait_procs([process], timeout=patience)
        _, left = psutil.wait_procs(family, timeout=1)
        for each in left:
            # psutil compares the start time first, so a number that was given anew is safe.
            with suppress(psutil.NoSuchProcess):
                each.kill()
        psutil.wait_procs(left, timeout=patience)

    def _process(self) -> psutil.Process | None:
        import psutil

        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) < _SAME_START
        except psutil.NoSuchProcess:
            return None
        return process if same else None
