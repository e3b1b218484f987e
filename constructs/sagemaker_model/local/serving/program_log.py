"""A program that runs for a container: its log, its end, and the requests to it."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable

_LAST_LINES = 10


class ProgramLog:
    """What a program writes, line by line, until it ends.

    Args:
        log: Takes each line, on a thread of its own.
        name: What the thread is called.
    """

    def __init__(self, log: Callable[[str], None], name: str) -> None:
        self._last: deque[str] = deque(maxlen=_LAST_LINES)
        self._log = log
        self._ended = threading.Event()
        self._read, self.descriptor = os.pipe()
        threading.Thread(target=self._pump, name=name, daemon=True).start()

    def close(self) -> None:
        """Give up this process's end, once the program has its own."""
        os.close(self.descriptor)

    def ending(self) -> str | None:
        """Return the last lines of a program that has ended; None while it runs."""
        return "\n".join(self._last) if self._ended.is_set() else None

    def wait(self) -> None:
        """Wait until the program has ended."""
        self._ended.wait()

    def _pump(self) -> None:
        with os.fdopen(self._read, errors="replace") as lines:
            for line in lines:
                self._last.append(line.rstrip())
                self._log(line.rstrip())
        self._ended.set()
