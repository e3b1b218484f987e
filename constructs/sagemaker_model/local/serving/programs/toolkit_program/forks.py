"""A process that has imported the toolkit, and forks one that serves for each model.

Importing torch, transformers and the toolkit takes seconds; a fork has them at once and shares
their memory. It runs in the serving environment, as ``python -m
toolkit_program.forks FD``.

The descriptor is a stream socket on which the starter sends lines of JSON and gets one for each:

- ``{"start": {"model": …, "environment": {…}, "fresh": …}}``, together with the descriptors of
  the listening socket and of the log; it gets ``{"pid": …}``.
- ``{"stop": pid}``; it gets ``{}``.

When a child ends, that is its log's last line, and the log ends. When the starter ends, the socket
closes, and this process ends with all its children.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from . import packages, server

# macOS's own libraries do not bear a fork after they were used.
FORKS = sys.platform == "linux"


class ForkServer:
    """The children and the socket that tells what to do.

    Args:
        control: The socket.
    """

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._logs: dict[int, int] = {}
        self._stopped: set[int] = set()
        # Nobody ever writes: it ends when this process does, however it does.
        self._lifeline, self._held = os.pipe()
        self._wakeup, wakes = os.pipe()
        os.set_blocking(wakes, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wakes)

    def run(self) -> None:
        """Do what is told until the starter is gone."""
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._control, selectors.EVENT_READ)
            waiting.register(self._wakeup, selectors.EVENT_READ)
            while True:
                ready = {key.fileobj for key, _ in waiting.select()}
                if self._wakeup in ready:
                    os.read(self._wakeup, 4096)
                    self._reap()
                if self._control in ready and not self._obey():
                    return

    def stop_all(self) -> None:
        """End each child and all that it started."""
        for pid in list(self._logs):
            self._stop(pid)

    def _obey(self) -> bool:
        line, descriptors = receive(self._control)
        if not line:
            return False
        told = json.loads(line)
        if "stop" in told:
            self._stop(told["stop"])
            self._tell({})
        else:
            listener, log = descriptors
            pid = self._start(told["start"], listener, log)
            os.close(listener)
            self._logs[pid] = log
            self._tell({"pid": pid})
        return True

    def _start(self, told: Mapping[str, Any], listener: int, log: int) -> int:
        pid = os.fork()
        if pid == 0:
            self._become(told, listener, log)
        with suppress(OSError):  # The child has done it already.
            os.setpgid(pid, pid)
        return pid

    def _become(self, told: Mapping[str, Any], listener: int, log: int) -> NoReturn:
        """Be the program of one model; what it raises is its log's."""
        try:
            os.setpgid(0, 0)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for each in (1, 2):
                os.dup2(log, each)
            for each in (self._held, self._wakeup, log, *self._logs.values()):
                os.close(each)
            self._control.close()
            run_model(told, listener, self._lifeline)
        except SystemExit as end:
            print(end, flush=True)  # noqa: T201
        except BaseException:
            traceback.print_exc()
        os._exit(1)

    def _stop(self, pid: int) -> None:
        if pid in self._logs:
            self._stopped.add(pid)
            # It was not waited for, so that its number is still its own.
            os.killpg(pid, signal.SIGKILL)

    def _reap(self) -> None:
        for pid in list(self._logs):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                with suppress(OSError):  # As with a container: nothing outlives its first process.
                    os.killpg(pid, signal.SIGKILL)
                self._log_ending(pid, status)

    def _log_ending(self, pid: int, status: int) -> None:
        log = self._logs.pop(pid)
        how = "stopped" if pid in self._stopped else _ending(status)
        self._stopped.discard(pid)
        with suppress(OSError):  # Nobody reads it any more.
            os.write(log, f"{how}\n".encode())
        os.close(log)

    def _tell(self, value: object) -> None:
        self._control.sendall(json.dumps(value).encode() + b"\n")


def run_model(told: Mapping[str, Any], listener: int, lifeline: int) -> None:
    """Serve a model in this process, or in a new interpreter in its place.

    Args:
        told: What to serve: the folder ``model``, the variables ``environment``, and ``fresh``,
            whether one of those is read by imports, so that only a new interpreter heeds it.
        listener: Descriptor of the listening socket.
        lifeline: Descriptor of the pipe that this process ends with.
    """
    server.end_with(lifeline)
    os.environ.clear()
    model = Path(told["model"])
    # The image's start sets these, for its own folders.
    paths = {"SAGEMAKER_BASE_DIR": str(model.parent), "PYTHONPATH": str(model / "code")}
    os.environ.update({**paths, **told["environment"]})
    os.chdir(model.parent)
    wanted, python = model / "code" / "requirements.txt", None
    if wanted.exists():
        python = packages.install(wanted, model.parent / "packages")
    if python or told["fresh"] or not FORKS:
        for each in (listener, lifeline):
            os.set_inheritable(each, True)
        command = [str(python or sys.executable), server.__file__, str(model)]
        command += ["--listener", str(listener), "--lifeline", str(lifeline)]
        os.execve(command[0], command, os.environ)  # noqa: S606
    server.serve(model, socket.socket(fileno=listener))


def receive(control: socket.socket) -> tuple[bytes, list[int]]:
    """Return the next line and the descriptors that came with it; no line at the end.

    Args:
        control: The socket; the other side sends one line and waits for its answer.
    """
    line, descriptors, _, _ = socket.recv_fds(control, 1 << 16, 2)
    while line and not line.endswith(b"\n"):
        more = control.recv(1 << 16)
        if not more:
            return b"", descriptors
        line += more
    return line, descriptors


def _ending(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"exited with code {code}" if code >= 0 else f"ended by {signal.Signals(-code).name}"


def main() -> None:
    """Import what is slow to import, then fork until the starter is gone."""
    control = socket.socket(fileno=int(sys.argv[1]))
    if FORKS:
        server.preload()
    forks = ForkServer(control)
    try:
        forks.run()
    except BaseException:
        traceback.print_exc()
    forks.stop_all()
    # torch and what it loaded would take seconds to take down, for nothing.
    os._exit(0)


if __name__ == "__main__":
    main()
