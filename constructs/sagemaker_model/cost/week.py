"""How many instances a schedule keeps at the least, on average over a week."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_MINUTES_OF_DAY = 24 * 60
_WEEK = 7 * _MINUTES_OF_DAY
_ANY = frozenset({"*", "?"})
# Fields: minutes, hours, day of month, month, day of week, year; source: "Cron expressions" of
# the Application Auto Scaling user guide.
_CRON = re.compile(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)")


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a schedule.

    Args:
        schedule: When, as a cron expression.
        least: The least number of instances from then on; None leaves it as it is.
    """

    schedule: str
    least: int | None


def average_least(first: int, changes: Sequence[Change]) -> float | None:
    """Return how many instances there are at the least, on average over a week.

    Args:
        first: The least number without a schedule.
        changes: The schedule.

    Returns:
        None where a line is no cron expression that says the same each week.

    >>> day = Change("cron(0 8 ? * MON-FRI *)", 2), Change("cron(0 18 ? * MON-FRI *)", 0)
    >>> round(average_least(1, day) * 168)  # 2 instances, 5 days, 10 hours
    100
    """
    if not changes:
        return float(first)
    events: list[tuple[int, int]] = []
    for change in changes:
        minutes = list(_minutes(change.schedule))
        if not minutes:
            return None
        if change.least is not None:
            events += [(minute, change.least) for minute in minutes]
    if not events:
        return float(first)
    events.sort()
    # The week begins with what its last line has left.
    turns = [(0, events[-1][1]), *events, (_WEEK, 0)]
    return sum((end - begin) * least for (begin, least), (end, _) in pairwise(turns)) / _WEEK


def _minutes(schedule: str) -> Iterator[int]:
    """Yield the minutes of a week at which a cron expression is due; none if it is no such."""
    match = _CRON.fullmatch(schedule)
    if not match or not {match[3], match[4], match[6]} <= _ANY:
        return
    try:
        minutes, hours = _numbers(match[1], 60), _numbers(match[2], 24)
        days = _days(match[5])
    except ValueError:
        return
    for day in days:
        for hour in hours:
            yield from (day * _MINUTES_OF_DAY + hour * 60 + minute for minute in minutes)


def _numbers(field: str, end: int) -> list[int]:
    if field in _ANY:
        return list(range(end))
    found: list[int] = []
    for part in field.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def _days(field: str) -> list[int]:
    """Return the days of a week from Sunday, which AWS counts from 1."""
    named = field.upper()
    for number, name in enumerate(_DAYS, 1):
        named = named.replace(name, str(number))
    return list(range(7)) if named in _ANY else [day - 1 for day in _numbers(named, 7)]
