"""Builds that wait for one of a number of slots.

Source: "Builds in AWS CodeBuild",
https://docs.aws.amazon.com/codebuild/latest/userguide/builds-working.html: more builds than may run
at once are queued, at most five times as many; one that waits too long is removed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from .ending import Ending
from .failures import PhaseError, RequestError

_QUEUED_PER_SLOT = 5


class BuildQueue:
    """Slots for builds, given first come first served.

    Args:
        slots: How many builds run at once.
    """

    def __init__(self, slots: int) -> None:
        self._slots = slots
        self._condition = threading.Condition()
        self._running: set[Ending] = set()
        self._waiting: list[Ending] = []

    def enter(self, ticket: Ending) -> None:
        """Take a place in the queue.

        Args:
            ticket: The build's.

        Raises:
            RequestError: The queue is full.
        """
        most = self._slots * (1 + _QUEUED_PER_SLOT)
        with self._condition:
            if len(self._waiting) + len(self._running) >= most:
                raise RequestError(
                    "AccountLimitExceededException",
                    f"Cannot have more than {self._slots * _QUEUED_PER_SLOT} builds in queue for "
                    "the account",
                )
            self._waiting.append(ticket)

    @contextmanager
    def slot(self, ticket: Ending, timeout: float) -> Iterator[None]:
        """Wait for a slot and hold it.

        Args:
            ticket: The build's, which has a place in the queue.
            timeout: Seconds after which it waits no longer.

        Raises:
            PhaseError: It waited too long, or was stopped.
        """
        self._wait(ticket, timeout)
        try:
            yield
        finally:
            with self._condition:
                self._running.remove(ticket)
                self._condition.notify_all()

    def _wait(self, ticket: Ending, timeout: float) -> None:
        ticket.on_ask(self._wake)
        with self._condition:
            self._condition.wait_for(lambda: ticket.status or self._is_next(ticket), timeout)
            had_its_turn = self._is_next(ticket)
            self._waiting.remove(ticket)
            if had_its_turn and not ticket.status:
                self._running.add(ticket)
            self._condition.notify_all()
        ticket.check()
        if not had_its_turn:
            raise PhaseError("QUEUED_TIMED_OUT", "Build waited too long in the queue", "TIMED_OUT")

    def _is_next(self, ticket: Ending) -> bool:
        return self._waiting[0] is ticket and len(self._running) < self._slots

    def _wake(self) -> None:
        with self._condition:
            self._condition.notify_all()
