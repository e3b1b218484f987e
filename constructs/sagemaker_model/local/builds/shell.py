"""The shell of one build, in which all of its commands run.

Source: "Build specification reference for CodeBuild", section "Buildspec versions": since version
0.2 all commands of a build run in the same instance of the default shell.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

# Commands come as files on standard input, their exit codes leave on standard output: both move, so
# that no command sees them. One that ends the shell leaves its variables and folder behind, from
# which the next shell starts.
_LOOP = """\
exec 3<&0 4>&1 1>&2 </dev/null
trap '_ended=$?; export -p >{state}; pwd >{folder}; exit $_ended' EXIT
if [ -f {state} ]; then . {state}; cd "$(cat {folder})"; fi
while IFS= read -r _script <&3; do . "$_script" 3<&- 4>&-; echo $? >&4; done
"""


class Shell:
    """A shell that runs one command after the other.

    Args:
        program: The shell's name or path.
        folder: Folder in which the first command runs.
        environment: Environment of the first command, and nothing else.
        scratch: Folder for the shell's own files, which must exist.
        output: Descriptor that takes what commands print, on standard output and error.
        grace: Seconds between asking processes to end and ending them. Default: 5.
    """

    def __init__(
        self,
        program: str,
        folder: Path,
        environment: Mapping[str, str],
        *,
        scratch: Path,
        output: int,
        grace: float = 5.0,
    ) -> None:
        self._program = program
        self._folder = folder
        self._environment = dict(environment)
        self._scratch = scratch
        self._output = output
        self._grace = grace
        self._lock = threading.Lock()
        self._session: _Session | None = None
        self._killed = False

    def run(self, command: str) -> int:
        """Run a command and return its exit code, or that of the shell which it ended.

        Args:
            command: One or more lines, as in a buildspec.
        """
        script = self._scratch / "script.sh"
        script.write_text(command + "\n")
        session = self._open()
        if session is None:
            return -signal.SIGTERM
        code = session.run(script)
        if code is None:
            code = session.end()
            self._session = None
        return code

    def values(self, names: Sequence[str]) -> dict[str, str]:
        """Return the values that variables have now; those that are not set are left out.

        Args:
            names: Names of variables.
        """
        found = {}
        for number, name in enumerate(names):
            file = self._scratch / f"value-{number}"
            told = shlex.quote(str(file))
            self.run(f'if [ -n "${{{name}+set}}" ]; then printf %s "${{{name}}}" >{told}; fi')
            if file.is_file():
                found[name] = file.read_text()
        return found

    def kill(self) -> None:
        """End all that it started, and run nothing more."""
        with self._lock:
            self._killed = True
            session = self._session
        if session is not None:
            session.kill(self._grace)

    def close(self) -> None:
        """End the shell, and what its commands left running."""
        self.kill()
        if self._session is not None:
            self._session.end()
            self._session = None

    def _open(self) -> _Session | None:
        with self._lock:
            if self._session is None and not self._killed:
                self._session = self._start()
            return None if self._killed else self._session

    def _start(self) -> _Session:
        names = {name: shlex.quote(str(self._scratch / name)) for name in ("state", "folder")}
        loop = self._scratch / "loop.sh"
        loop.write_text(_LOOP.format(**names))
        return _Session([self._program, str(loop)], self._folder, self._environment, self._output)


class _Session:
    """One process of the shell, and those that it starts, which form a group."""

    def __init__(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str], output: int
    ) -> None:
        scripts, self._scripts = os.pipe()
        self._codes, codes = os.pipe()
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=scripts,
            stdout=codes,
            stderr=output,
            start_new_session=True,
        )
        os.close(scripts)
        os.close(codes)

    def run(self, script: Path) -> int | None:
        """Run a script; return its exit code, or None where the shell ended."""
        try:
            os.write(self._scripts, f"{script}\n".encode())
        except BrokenPipeError:
            return None
        told = b""
        while not told.endswith(b"\n"):
            part = os.read(self._codes, 16)
            if not part:
                return None
            told += part
        return int(told)

    def kill(self, grace: float) -> None:
        """End the group: first asked, then made to."""
        if _signal(self.process.pid, signal.SIGTERM):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(grace)
            _signal(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self) -> int:
        """End what a shell that ended left running; return the shell's exit code."""
        _signal(self.process.pid, signal.SIGKILL)
        os.close(self._scripts)
        os.close(self._codes)
        return self.process.wait()


def _signal(group: int, number: signal.Signals) -> bool:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True
