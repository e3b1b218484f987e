"""The end that others put to a build: it is stopped, or its time is up."""

from __future__ import annotations

import threading
from collections.abc import Callable

from .failures import PhaseError


class Ending:
    """Tells a build to end; the first reason counts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._status: str | None = None
        self._end: Callable[[], None] = lambda: None

    @property
    def status(self) -> str | None:
        """``STOPPED`` or ``TIMED_OUT``; None while it may go on."""
        return self._status

    def ask(self, status: str) -> None:
        """Ask the build to end.

        Args:
            status: What becomes of it.
        """
        with self._lock:
            self._status = self._status or status
            end = self._end
        end()

    def on_ask(self, end: Callable[[], None]) -> None:
        """Call a function when the build is asked to end, or now if it was.

        Args:
            end: Ends what waits or runs; it replaces the function before.
        """
        with self._lock:
            self._end = end
            asked = self._status is not None
        if asked:
            end()

    def check(self) -> None:
        """Do nothing while the build may go on.

        Raises:
            PhaseError: It may not.
        """
        if self._status == "STOPPED":
            raise PhaseError("", "", "STOPPED")
        if self._status == "TIMED_OUT":
            raise PhaseError("BUILD_TIMED_OUT", "Build has timed out. ", "TIMED_OUT")
