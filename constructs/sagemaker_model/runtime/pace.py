"""How fast an answer comes."""

from __future__ import annotations

import time
from collections.abc import Callable

from sagemaker_model.runtime.generation import StreamEvent

# What comes at once, as out of one read, was written before.
_MEASURABLE = 0.05


class Pace:
    """A clock beside an answer: begun with the request, told each piece.

    Args:
        clock: Tells the time in seconds. Default: one that never goes back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun = self._first = self._last = clock()
        self._parts = 0
        self._tokens: int | None = None
        self._reason: str | None = None

    def see(self, event: StreamEvent) -> None:
        """Count a piece that just came."""
        self._last = self._clock()
        if event.text:
            self._first = self._first if self._parts else self._last
            self._parts += 1
        if event.usage and event.usage.completion_tokens is not None:
            self._tokens = event.usage.completion_tokens
        self._reason = event.finish_reason or self._reason

    @property
    def seconds(self) -> float:
        """How long it took from the request to the last piece."""
        return self._last - self._begun

    @property
    def cut_off(self) -> bool:
        """Whether the answer ended at the limit of tokens."""
        return self._reason == "length"

    def __str__(self) -> str:
        """Return the figures: in tokens where the engine counts them, in parts where it does not.

        >>> ticks = iter([0.0, 0.5, 2.5])
        >>> pace = Pace(lambda: next(ticks))
        >>> pace.see(StreamEvent(text="He")), pace.see(StreamEvent(text="llo"))
        (None, None)
        >>> str(pace)
        '2 parts, the first after 0.50 s, then 0.5 parts/s, 2.5 s in all'
        """
        count, unit = (self._parts, "part") if self._tokens is None else (self._tokens, "token")
        told = [f"{count} {unit}{'' if count == 1 else 's'}"]
        if self._parts:
            told.append(f"the first after {self._first - self._begun:.2f} s")
        writing = self._last - self._first
        if self._parts > 1 and count > 1 and writing > _MEASURABLE:
            told.append(f"then {(count - 1) / writing:.1f} {unit}s/s")
        return ", ".join([*told, f"{self.seconds:.1f} s in all"])
