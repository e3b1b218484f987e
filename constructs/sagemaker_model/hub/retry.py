"""When to ask again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sagemaker_model.hub.errors import HubError

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """A budget of attempts with growing pauses.

    Args:
        attempts: How often to ask in all. Default: 4.
        first: Seconds before the second attempt, doubled before each further one. Default: 0.5.
        longest: Seconds that are waited at most; where the Hub asks for longer, it is not asked
            again. Default: 30.
        sleep: Waits so many seconds. Default: ``time.sleep``.
    """

    attempts: int = 4
    first: float = 0.5
    longest: float = 30.0
    sleep: Callable[[float], None] = time.sleep

    def run(self, ask: Callable[[], T]) -> T:
        """Return what *ask* returns, asking again while another attempt may mend its failure.

        Raises:
            HubError: The last attempt failed too, or asking again is of no use.
        """
        for attempt in range(1, self.attempts):
            try:
                return ask()
            except HubError as error:
                pause = error.wait if error.wait is not None else self.first * 2 ** (attempt - 1)
                if not error.retryable or pause > self.longest:
                    raise
                self.sleep(pause)
        return ask()
