"""Ask until there is an answer, or it is certain that there will be none."""

from __future__ import annotations

import logging
from collections.abc import Callable
from itertools import count

from .outcome import Kind, Outcome
from .smoke_test import Request, SmokeTest

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)

Ask = Callable[[Request, float], Outcome]
"""Sends a request, and returns what came of it until a time in seconds."""
_MOST_FINAL = 3
_LONGEST_PAUSE = 20


def ask_once(test: SmokeTest, ask: Ask, until: float) -> Outcome:
    """Send one request after the other until one is understood, and return what came of it.

    Args:
        test: What is asked.
        ask: Sends a request.
        until: When an answer is no longer waited for, in seconds.
    """
    outcome = ask(test.requests[0], until)
    for request in test.requests[1:]:
        if not test.is_refusal(outcome):
            break
        outcome = ask(request, until)
    return outcome


def ask_patiently(
    test: SmokeTest, ask: Ask, *, now: Callable[[], float], sleep: Callable[[float], object]
) -> Outcome:
    """Ask again until there is an answer, it is refused three times, or patience ends.

    Args:
        test: What is asked.
        ask: Sends a request.
        now: Tells seconds.
        sleep: Waits for seconds.
    """
    until = now() + test.patience
    finals = 0
    for attempt in count():
        outcome = ask_once(test, ask, until)
        log.info("%s", outcome)
        finals += outcome.final
        pause = min(2**attempt, _LONGEST_PAUSE)
        if _is_over(test, outcome, finals) or now() + pause >= until:
            return outcome
        sleep(pause)
    raise AssertionError


def _is_over(test: SmokeTest, outcome: Outcome, finals: int) -> bool:
    """Say whether asking again is of no use."""
    asked = outcome.kind not in {Kind.UNREACHABLE, Kind.ASLEEP}
    return (asked and test.passes(outcome)) or finals >= _MOST_FINAL
