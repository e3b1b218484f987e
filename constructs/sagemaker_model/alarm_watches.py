"""What the default alarms look at, when they go off, and what they say: one row each."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from aws_cdk import Duration

_MINUTE, _FIVE_MINUTES = 60, 300
_DAY = 86400  # the longest time that an alarm of such periods looks at (PutMetricAlarm)
_PERCENT = 100


class Trigger(NamedTuple):
    """When an alarm goes off: at *threshold*, in *breaching* of *periods*.

    Args:
        threshold: In the metric's unit.
        period: Length of a period in seconds. Default: a minute.
        periods: How many are looked at. Default: 5.
        breaching: In how many of them the threshold is reached. Default: 3.
    """

    threshold: float
    period: int = _MINUTE
    periods: int = 5
    breaching: int = 3


class Watch(NamedTuple):
    """One alarm.

    Args:
        name: Its argument and attribute.
        metrics: Names of what it looks at: the first of them that is published.
        says: What it tells whom it wakes up.
        default: What its argument is by default; None is no such alarm.
        trigger: Makes of the argument's name and value when it goes off; raises ``TypeError`` or
            ``ValueError`` for one that makes no sense.
        statistic: Statistic of the metric. Default: the metric's own.
    """

    name: str
    metrics: tuple[str, ...]
    says: str
    default: float | Duration | None
    trigger: Callable[[str, object], Trigger]
    statistic: str | None = None


def _count(name: str, value: object) -> Trigger:
    """Go off at a number of events in a minute."""
    return Trigger(_number(name, value, 1, math.inf, "1 or more"))


def _size(name: str, value: object) -> Trigger:
    """Go off at a number of things, for 15 minutes."""
    return _lasting(_number(name, value, 1, math.inf, "1 or more"))


def _share(name: str, value: object) -> Trigger:
    """Go off at a percentage of what CloudWatch has as a part of 1."""
    return Trigger(_percentage(name, value) / _PERCENT)


def _percent(name: str, value: object) -> Trigger:
    """Go off at a percentage, for 15 minutes."""
    return _lasting(_percentage(name, value))


def _microseconds(name: str, value: object) -> Trigger:
    """Go off at a time that CloudWatch has in microseconds."""
    return Trigger(_seconds(name, value, 0.001) * 1_000_000)


def _age(name: str, value: object) -> Trigger:
    """Go off at an age in seconds, for 15 minutes."""
    return _lasting(_seconds(name, value, 1))


def _for_so_long(name: str, value: object) -> Trigger:
    """Go off when something has been so for a time, in whole steps of five minutes."""
    steps = math.ceil(_seconds(name, value, _FIVE_MINUTES, _DAY) / _FIVE_MINUTES)
    return Trigger(1, _FIVE_MINUTES, steps, steps)


def _lasting(threshold: float) -> Trigger:
    return Trigger(threshold, _FIVE_MINUTES, 3, 3)


def _percentage(name: str, value: object) -> float:
    return _number(name, value, 1, _PERCENT, "between 1 and 100 percent")


def _number(name: str, value: object, low: float, high: float, allowed: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name} must be a number, {allowed}, got {value!r}")
    if not low <= value <= high:
        raise ValueError(f"{name} must be {allowed}, got {value}; None makes no such alarm")
    return value


def _seconds(name: str, value: object, low: float, high: float = math.inf) -> float:
    if not isinstance(value, Duration):
        raise TypeError(f"{name} must be a Duration, got {value!r}; write Duration.seconds(…)")
    seconds = float(value.to_milliseconds()) / 1000
    if not low <= seconds <= high:
        most = f" and at most {high:g}" if high < math.inf else ""
        raise ValueError(
            f"{name} must be at least {low:g}{most} seconds, got {seconds:g}; None makes no such "
            "alarm"
        )
    return seconds


@cache
def watches() -> tuple[Watch, ...]:
    """Return all default alarms, in the order in which they are made."""
    return (
        Watch(
            "server_errors",
            ("Invocation5XXErrors",),
            "Requests are answered with a 5xx status: look into the container's log",
            1,
            _count,
        ),
        Watch(
            "client_errors",
            ("Invocation4XXErrors",),
            "Requests are answered with a 4xx status: callers ask what the model does not take",
            None,
            _count,
        ),
        Watch(
            "failures",
            ("InvocationFailures",),
            "Requests of the queue fail: look below failure_path, and into the container's log",
            1,
            _count,
        ),
        Watch("latency", ("ModelLatency",), "The container is slow", None, _microseconds, "p99"),
        Watch(
            "concurrency",
            ("ServerlessConcurrentExecutionsUtilization",),
            "The maximum concurrency is nearly in use: more requests will be refused",
            90,
            _share,
        ),
        Watch("backlog", ("ApproximateBacklogSize",), "Many requests wait", None, _size),
        Watch(
            "oldest_request",
            ("ApproximateAgeOfOldestRequest",),
            "A request has waited for long",
            None,
            _age,
        ),
        Watch(
            "no_capacity",
            ("HasBacklogWithoutCapacity", "NoCapacityInvocationFailures"),
            "Requests wait or fail, and no capacity comes: look at the scaling activities",
            Duration.minutes(30),
            _for_so_long,
        ),
        Watch(
            "gpu_memory", ("GPUMemoryUtilization",), "The GPUs' memory is nearly full", 98, _percent
        ),
        Watch("disk", ("DiskUtilization",), "The instances' disks are nearly full", 90, _percent),
    )
