"""The hours of the week at which a model is there, as two schedules."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aws_cdk import aws_applicationautoscaling as autoscaling

DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_TIME = re.compile(r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)")
_RANGE = re.compile(r"(?P<first>[A-Z]{3})(?:-(?P<last>[A-Z]{3}))?")


@dataclass(frozen=True, slots=True)
class Time:
    """A time of the day.

    Args:
        hour: Hour, 0 to 23.
        minute: Minute.
    """

    hour: int
    minute: int

    @staticmethod
    def parse(name: str, text: str) -> Time:
        """Read ``"08:00"``.

        Raises:
            ValueError: It is no time of the day.
        """
        match = _TIME.fullmatch(text)
        if match is None:
            raise ValueError(f"{name} must be a time of the day such as '08:00', got {text!r}")
        return Time(int(match["hour"]), int(match["minute"]))

    def on(self, days: tuple[str, ...]) -> autoscaling.Schedule:
        """Return the schedule of this time on some days."""
        return autoscaling.Schedule.cron(
            hour=str(self.hour), minute=str(self.minute), week_day=",".join(days)
        )


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When a model comes and goes.

    Args:
        start: When it comes.
        end: When it goes: on the next day where that is not after *start*.
        days: The days on which it comes.
    """

    start: Time
    end: Time
    days: tuple[str, ...]

    @staticmethod
    def parse(start: str, end: str, days: str) -> OfficeHours:
        """Read what the user wrote.

        Raises:
            ValueError: A time or a day is none, or the two times are the same.
        """
        hours = OfficeHours(Time.parse("start", start), Time.parse("end", end), parse_days(days))
        if hours.start == hours.end:
            raise ValueError(
                f"start and end must be two times, got {start!r} for both; without office hours "
                "the model is always there"
            )
        return hours

    @property
    def coming(self) -> autoscaling.Schedule:
        """The schedule by which it comes."""
        return self.start.on(self.days)

    @property
    def going(self) -> autoscaling.Schedule:
        """The schedule by which it goes."""
        overnight = (self.end.hour, self.end.minute) < (self.start.hour, self.start.minute)
        return self.end.on(_day_after(self.days) if overnight else self.days)


def parse_days(text: str) -> tuple[str, ...]:
    """Return each day of the week that *text* names, in their order.

    Raises:
        ValueError: It names none, or what is no day.

    >>> parse_days("MON-WED,SUN")
    ('MON', 'TUE', 'WED', 'SUN')
    >>> parse_days("sat-mon")
    ('MON', 'SAT', 'SUN')
    """
    named = {day for part in text.upper().split(",") for day in _range(part.strip(), text)}
    return tuple(day for day in DAYS if day in named)


def _range(part: str, text: str) -> tuple[str, ...]:
    match = _RANGE.fullmatch(part)
    if match is None or not {match["first"], match["last"] or match["first"]} <= set(DAYS):
        raise ValueError(
            f"days must be days such as 'MON-FRI' or 'MON,WED,SAT-SUN', of {', '.join(DAYS)}, got "
            f"{text!r}"
        )
    first, last = DAYS.index(match["first"]), DAYS.index(match["last"] or match["first"])
    count = (last - first) % len(DAYS) + 1
    return tuple(DAYS[(first + each) % len(DAYS)] for each in range(count))


def _day_after(days: tuple[str, ...]) -> tuple[str, ...]:
    """Return the days that follow those.

    >>> _day_after(("MON", "SUN"))
    ('MON', 'TUE')
    """
    following = {DAYS[(DAYS.index(day) + 1) % len(DAYS)] for day in days}
    return tuple(day for day in DAYS if day in following)
