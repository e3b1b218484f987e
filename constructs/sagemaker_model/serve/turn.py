"""Which worker answers now, and how the next one takes its turn without a request being lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

from sagemaker_model.local.serving.limits import REAL_TIME
from sagemaker_model.local.serving.model_data import discard


class Program(Protocol):
    """A program that answers on this machine."""

    @property
    def port(self) -> int:
        """Where it listens, on 127.0.0.1."""
        ...

    def stop(self) -> None:
        """End it, and all that it started."""
        ...


class Turn:
    """A worker, and the folder that its files are in.

    Args:
        worker: What answers.
        folder: The folder, which is removed when the worker has stopped.
    """

    def __init__(self, worker: Program, folder: Path) -> None:
        self.worker = worker
        self._folder = folder
        self._busy = 0
        self._idle = threading.Condition()

    @contextmanager
    def at_work(self) -> Iterator[Program]:
        """Keep the worker until a request is answered."""
        with self._idle:
            self._busy += 1
        try:
            yield self.worker
        finally:
            with self._idle:
                self._busy -= 1
                self._idle.notify_all()

    def retire(self) -> None:
        """Let it finish the requests that it is at, as long as SageMaker would wait, and end it."""
        with self._idle:
            self._idle.wait_for(lambda: not self._busy, REAL_TIME.longest_answer)
        self.end()

    def end(self) -> None:
        """End the worker at once and remove its files."""
        self.worker.stop()
        discard(self._folder)


class Turns:
    """The workers that answer one after the other.

    ``notice`` is what is told with each answer of the one that is there now, such as that a newer
    one did not start; empty for nothing.
    """

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._now: Turn | None = None
        self.notice = ""

    @contextmanager
    def at_work(self) -> Iterator[Program | None]:
        """Keep the worker that answers now until a request is answered; None before the first."""
        with ExitStack() as stack:
            with self._changing:
                worker = stack.enter_context(self._now.at_work()) if self._now else None
            yield worker

    def give(self, turn: Turn) -> None:
        """Let another worker answer; the one before finishes what it is at, and ends."""
        with self._changing:
            before, self._now, self.notice = self._now, turn, ""
        if before is not None:
            before.retire()

    def end(self) -> None:
        """End the worker at once."""
        with self._changing:
            before, self._now = self._now, None
        if before is not None:
            before.end()
