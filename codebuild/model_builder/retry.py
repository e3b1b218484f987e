"""When to try again, as a value."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from model_builder.errors import RetryableError, StagingError

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Retry:
    """A budget of attempts with growing pauses.

    Args:
        attempts: How often to try in all.
        sleep: Waits so many seconds.
        first: Seconds before the second attempt; doubled before each further one.
        longest: Seconds that no pause exceeds, whatever the other side asks for.
    """

    attempts: int
    sleep: Callable[[float], None]
    first: float = 0.5
    longest: float = 60.0

    def run(self, what: str, operation: Callable[[], T]) -> T:
        """Return what *operation* returns, trying again while it raises RetryableError.

        Raises:
            StagingError: the last attempt failed too.
        """
        for attempt in range(1, self.attempts):
            try:
                return operation()
            except RetryableError as error:
                pause = self.pause(attempt, error.wait)
                log.warning("%s: %s; trying again in %.1f s", what, error, pause)
                self.sleep(pause)
        try:
            return operation()
        except RetryableError as error:
            raise StagingError(f"{what}: {error}, {self.attempts} times in all") from error

    def pause(self, attempt: int, asked: float | None) -> float:
        """Return the seconds to wait after the *attempt*-th failure."""
        grown = self.first * 2 ** (attempt - 1)
        return min(grown if asked is None else max(asked, self.first), self.longest)
