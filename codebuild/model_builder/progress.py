"""Tells how far a run is, in lines that CodeBuild's log shows as they come."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
_STEP = 1024


class Progress:
    """Counts bytes.

    Args:
        total: Bytes to come.
        clock: Tells seconds that only grow.
        every: Seconds between lines.
    """

    def __init__(self, total: int, *, clock: Callable[[], float], every: float = 10.0) -> None:
        self._total = total
        self._clock = clock
        self._every = every
        self._lock = threading.Lock()
        self._start = self._told = clock()
        self._done = 0

    def add(self, count: int) -> None:
        """Count bytes that were moved, and say so when it is time."""
        with self._lock:
            self._done += count
            now = self._clock()
            if now - self._told < self._every:
                return
            self._told = now
            line = self._line(now)
        log.info("%s", line)

    def _line(self, now: float) -> str:
        rate = self._done / max(now - self._start, 0.001)
        left = max(self._total - self._done, 0) / max(rate, 1)
        share = 100 * self._done / max(self._total, 1)
        return (
            f"{readable(self._done)} of {readable(self._total)} ({share:.0f} %), "
            f"{readable(int(rate))}/s, {left:.0f} s left"
        )


def readable(count: int) -> str:
    """Write bytes for people.

    >>> readable(1536), readable(90 * 1024**2)
    ('1.5 KiB', '90.0 MiB')
    """
    value, unit = float(count), 0
    while value >= _STEP and unit < len(_UNITS) - 1:
        value, unit = value / _STEP, unit + 1
    return f"{value:.1f} {_UNITS[unit]}" if unit else f"{count} B"
