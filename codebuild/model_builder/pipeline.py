"""Runs tasks in threads: started in order, in bounded memory, stopped by the first failure."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar


class Task(Protocol):
    """Work that takes memory while it lasts."""

    @property
    def memory(self) -> int:
        """Bytes."""
        ...


T = TypeVar("T", bound=Task)


class Gate:
    """What the threads of a pipeline wait at; a failure lets all of them go."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._failure: BaseException | None = None

    @contextmanager
    def when(self, ready: Callable[[], bool]) -> Iterator[None]:
        """Wait until *ready*, then hold the gate; whatever is done there wakes the others.

        Raises:
            StoppedError: another thread failed.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._failure is not None or ready())
            if self._failure is not None:
                raise StoppedError
            yield
            self._changed.notify_all()

    def fail(self, failure: BaseException) -> None:
        """Let all waiting threads go; the first failure is kept."""
        with self._changed:
            if self._failure is None and not isinstance(failure, StoppedError):
                self._failure = failure
            self._changed.notify_all()

    def raise_failure(self) -> None:
        """Raise what made the pipeline stop, if anything did."""
        if self._failure is not None:
            raise self._failure


class StoppedError(Exception):
    """Another thread failed; this one has nothing more to do."""


class Turns:
    """Lets threads pass one after the other, by number, without holding up what comes between."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._next = 0

    @contextmanager
    def turn(self, number: int) -> Iterator[None]:
        """Wait for the turn of *number*; on leaving without a failure the next may pass."""
        with self._gate.when(lambda: self._next == number):
            pass
        yield
        with self._gate.when(lambda: True):
            self._next += 1


class Pipeline(Generic[T]):
    """Hands out tasks to threads.

    A task starts only when those before it have started, and its memory is free. So a task may
    wait for those before it, as :class:`Turns` do, and never for one that has no memory to start.

    Args:
        gate: What the tasks wait at.
        threads: How many tasks run at a time at most.
        memory: Bytes that running tasks may take together; a larger one runs alone.
    """

    def __init__(self, gate: Gate, *, threads: int, memory: int) -> None:
        self._gate = gate
        self._threads = threads
        self._memory = memory
        self._used = 0

    def run(self, tasks: Iterable[T], work: Callable[[T], None]) -> None:
        """Do *work* on each task; raise the first failure when all threads have ended."""
        waiting = _Waiting(tasks)
        threads = [
            threading.Thread(target=self._run, args=(waiting, work), daemon=True)
            for _ in range(self._threads)
        ]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                thread.join()
        except BaseException as failure:
            self._gate.fail(failure)
            raise
        self._gate.raise_failure()

    def _run(self, waiting: _Waiting[T], work: Callable[[T], None]) -> None:
        try:
            while (task := self._take(waiting)) is not None:
                work(task)
                with self._gate.when(lambda: True):
                    self._used -= task.memory
        except BaseException as failure:
            self._gate.fail(failure)

    def _take(self, waiting: _Waiting[T]) -> T | None:
        with self._gate.when(lambda: self._fits(waiting.first)):
            task = waiting.pop()
            if task is not None:
                self._used += task.memory
            return task

    def _fits(self, task: T | None) -> bool:
        return task is None or not self._used or self._used + task.memory <= self._memory


class _Waiting(Generic[T]):
    def __init__(self, tasks: Iterable[T]) -> None:
        self._tasks = iter(tasks)
        self.first: T | None = next(self._tasks, None)

    def pop(self) -> T | None:
        first, self.first = self.first, next(self._tasks, None)
        return first
