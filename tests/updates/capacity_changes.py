"""What changing an argument of a roll-out or of scaling does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from aws_cdk import Duration, TimeZone
from aws_cdk import aws_applicationautoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch

from updates.apps import WAIT
from updates.change import ENDPOINT, Change, Does, each_of
from updates.hosting_changes import ROLLED_OUT

_OTHERWISE: dict[str, Any] = {
    "bake": Duration.minutes(10),
    "wait": Duration.minutes(10),
    "timeout": Duration.hours(4),
    "percent": 50,
    "rollback_percent": 100,
}
_WAYS = {
    "RollOut.all_at_once": ("bake", "timeout"),
    "RollOut.canary": ("wait", "bake", "timeout", "percent"),
    "RollOut.linear": ("wait", "bake", "timeout", "percent"),
    "RollOut.rolling": ("wait", "timeout", "percent", "rollback_percent"),
}


def _roll_outs() -> Iterator[Change]:
    for of, names in _WAYS.items():
        by_share = {"wait": WAIT, "percent": 25} if "percent" in names else {"bake": WAIT}
        changed = {name: _OTHERWISE[name] for name in names}
        yield from each_of(of, changed, others=by_share, does=ENDPOINT, means=ROLLED_OUT)
        if "percent" in names:
            by_count = {"wait": WAIT, "instances": 1}
            changed = {"instances": 2}
            yield from each_of(of, changed, others=by_count, does=ENDPOINT, means=ROLLED_OUT)


_POLICY = "the policy changes, and the capacity follows when its metric next asks for it"
_SCHEDULE = "the schedule changes; what it did before stays until it next acts"
_NEW_POLICY: Does = frozenset({"ScalingPolicy in place"})
_TARGET: Does = frozenset({"ScalableTarget in place"})
_ON_METRIC = {
    "id": "Busy",
    "metric": cloudwatch.Metric(namespace="Chat", metric_name="Busy"),
    "target_value": 60,
}
_FIRST_TARGET: dict[str, dict[str, Any]] = {
    "Scaling.scale_on_invocations": {"requests_per_minute": 60},
    "Scaling.scale_on_concurrency": {"requests_per_instance": 4},
    "Scaling.scale_on_backlog": {"requests_per_instance": 4},
    "Scaling.scale_on_utilization": {"utilization": 0.8},
    "Scaling.scale_on_metric": _ON_METRIC,
}
_OTHER_TARGET: dict[str, dict[str, Any]] = {
    "Scaling.scale_on_invocations": {"requests_per_minute": 100},
    "Scaling.scale_on_concurrency": {"requests_per_instance": 8},
    "Scaling.scale_on_backlog": {"requests_per_instance": 8},
    "Scaling.scale_on_utilization": {"utilization": 0.5},
    "Scaling.scale_on_metric": {
        "metric": cloudwatch.Metric(namespace="Chat", metric_name="Queued"),
        "target_value": 80,
    },
}
_TRACKING = {
    "scale_in_cooldown": Duration.minutes(10),
    "scale_out_cooldown": Duration.minutes(1),
    "disable_scale_in": True,
}
_OFFICE_HOURS = {"start": "08:00", "end": "18:00", "time_zone": TimeZone.EUROPE_BERLIN}
_ON_SCHEDULE = {
    "id": "Morning",
    "schedule": autoscaling.Schedule.cron(hour="8", minute="0"),
    "min_capacity": 1,
}

SCALING: list[Change] = [
    Change(
        of="SageMakerModel.auto_scale",
        argument="max_capacity",
        note="called for the first time",
        after={"max_capacity": 4},
        does=ENDPOINT | {"ScalableTarget made"},
        means="the endpoint is scaled from now on, and updates keep its number of instances",
    ),
    *each_of(
        "SageMakerModel.auto_scale",
        {"max_capacity": 8, "min_capacity": 2},
        others={"max_capacity": 4},
        does=_TARGET,
        means="the bounds change; the capacity is brought within them at once",
    ),
    Change(
        of="SageMakerModel.auto_scale",
        argument="detached",
        before={"max_capacity": 4},
        after={"max_capacity": 4, "detached": True},
        does=frozenset({"ScalableTarget deleted"}),
        means="the endpoint is scaled no more and keeps the instances it has, so that its "
        "instance type can be changed by the next deployment",
    ),
    *(
        change
        for of, first in _FIRST_TARGET.items()
        for change in each_of(
            of, {**_OTHER_TARGET[of], **_TRACKING}, others=first, does=_NEW_POLICY, means=_POLICY
        )
    ),
    Change(
        of="Scaling.scale_on_metric",
        argument="id",
        before=_ON_METRIC,
        after={**_ON_METRIC, "id": "Other"},
        does=frozenset({"ScalingPolicy replaced"}),
        means="a new policy is made, and the old one deleted",
    ),
    *each_of(
        "Scaling.scale_on_office_hours",
        {"wakes": True},
        others=_OFFICE_HOURS,
        does=_TARGET | {"Alarm made", "ScalingPolicy made"},
        means="from now on a request starts the first instance outside of the hours too",
    ),
    *each_of(
        "Scaling.scale_on_office_hours",
        {
            "start": "07:00",
            "end": "20:00",
            "time_zone": TimeZone.EUROPE_PARIS,
            "days": "MON-SAT",
            "min_capacity": 2,
            "max_capacity": 3,
        },
        others=_OFFICE_HOURS,
        does=_TARGET,
        means=_SCHEDULE,
    ),
    *each_of(
        "Scaling.scale_on_schedule",
        {
            "id": "Early",
            "schedule": autoscaling.Schedule.cron(hour="6", minute="0"),
            "min_capacity": 2,
            "max_capacity": 3,
            "time_zone": TimeZone.EUROPE_BERLIN,
            "start_time": datetime(2027, 1, 1, tzinfo=UTC),
            "end_time": datetime(2028, 1, 1, tzinfo=UTC),
        },
        others=_ON_SCHEDULE,
        does=_TARGET,
        means=_SCHEDULE,
    ),
]
CAPACITY_CHANGES = [*_roll_outs(), *SCALING]
