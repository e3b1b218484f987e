"""Refuse a number or a time that no API takes, in one way for all of hosting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration, Token

if TYPE_CHECKING:
    from collections.abc import Collection

_HOUR = 3600
_MINUTE = 60


def check_whole(name: str, value: object) -> None:
    """Raise ``TypeError`` unless *value* is a whole number; CDK writes number tokens as floats."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise TypeError(f"{name} must be a whole number, got {value!r}")


def check_between(name: str, value: int | None, low: int, high: int, unit: str = "") -> None:
    """Raise unless *value* is a whole number from *low* to *high*.

    None and a number that only CloudFormation knows pass.

    Args:
        name: The argument, as the user wrote it.
        value: What was given.
        low: The least that is allowed.
        high: The most that is allowed.
        unit: Such as ``"GiB"``. Default: none.

    Raises:
        TypeError: It is no whole number.
        ValueError: It is out of range.
    """
    if value is None:
        return
    check_whole(name, value)
    if not low <= value <= high and not Token.is_unresolved(value):
        after = f" {unit}" if unit else ""
        raise ValueError(f"{name} must be between {low} and {high}{after}, got {value}")


def check_duration(name: str, value: Duration | None, low: int, high: int) -> None:
    """Raise ``ValueError`` unless *value* lasts from *low* to *high* seconds; None passes."""
    if value is None or value.is_unresolved():
        return
    seconds = value.to_seconds()
    if not low <= seconds <= high:
        raise ValueError(
            f"{name} must be between {_words(low)} and {_words(high)}, got {seconds:g} seconds"
        )


def check_choice(name: str, value: object, allowed: Collection[object]) -> None:
    """Raise ``ValueError`` unless *value* is one of *allowed*; None passes."""
    if value is not None and value not in allowed:
        choices = ", ".join(str(each) for each in allowed)
        raise ValueError(f"{name} must be one of {choices}, got {value!r}; or leave it out")


def seconds_of(value: Duration | None) -> int | float | None:
    """Return a time in seconds; None where none was given."""
    return None if value is None else value.to_seconds()


def _words(seconds: int) -> str:
    """Write a bound as one would say it.

    >>> _words(60), _words(600), _words(3600), _words(28800)
    ('60 seconds', '10 minutes', '1 hour', '8 hours')
    """
    if seconds >= _HOUR:
        hours = seconds // _HOUR
        return f"{hours} hour{'s' if hours > 1 else ''}"
    return f"{seconds // _MINUTE} minutes" if seconds > _MINUTE else f"{seconds} seconds"
