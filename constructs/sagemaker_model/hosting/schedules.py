"""Capacity that changes with the clock, down to none and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_applicationautoscaling as autoscaling
from constructs import Construct

from sagemaker_model.checks.report import report
from sagemaker_model.checks.rule import check_all
from sagemaker_model.checks.scaling_rules import ZERO_RULES
from sagemaker_model.hosting.office_hours import OfficeHours
from sagemaker_model.hosting.scalable import Scalable
from sagemaker_model.hosting.wake_up import wake_up_on
from sagemaker_model.metrics import Publisher

if TYPE_CHECKING:
    from datetime import datetime

    from aws_cdk import TimeZone

_WAKE_UP = "WakeUp"


class Schedules(Construct):
    """What the clock can do to a capacity.

    Whoever extends it sets what is scaled, the target (None while it is detached), the bounds of
    the capacity, and the names that are used.
    """

    _scalable: Scalable
    _publisher: Publisher
    _target: autoscaling.ScalableTarget | None
    _bounds: tuple[int, int]
    _used: set[str]

    def scale_on_schedule(
        self,
        id: str,  # noqa: A002 - CDK's name
        schedule: autoscaling.Schedule,
        *,
        min_capacity: int | None = None,
        max_capacity: int | None = None,
        time_zone: TimeZone | None = None,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
    ) -> None:
        """Change the bounds of the capacity at certain times.

        Args:
            id: The schedule's name.
            schedule: When, such as ``Schedule.cron(hour="8", minute="0")`` of
                ``aws_applicationautoscaling``.
            min_capacity: The least capacity from then on. Default: as it was.
            max_capacity: The largest capacity from then on. Default: as it was.
            time_zone: Time zone of *schedule*. Default: UTC.
            start_time: When the schedule begins. Default: at once.
            end_time: When it ends. Default: never.

        Raises:
            TypeError: A capacity is no whole number.
            ValueError: No capacity is given, one is out of range, or there is something of this
                name already.
        """
        if min_capacity is None and max_capacity is None:
            raise ValueError(
                "scale_on_schedule needs min_capacity or max_capacity, got neither; give what is "
                "to change"
            )
        self._scalable.check_bounds(min_capacity, max_capacity)
        self._use(id)
        if min_capacity == 0:
            self._reach_zero(wakes=max_capacity != 0)
        if self._target is not None:
            self._target.scale_on_schedule(
                id,
                schedule=schedule,
                min_capacity=min_capacity,
                max_capacity=max_capacity,
                time_zone=time_zone,
                start_time=start_time,
                end_time=end_time,
            )

    def scale_on_office_hours(
        self,
        *,
        start: str,
        end: str,
        time_zone: TimeZone,
        days: str = "MON-FRI",
        min_capacity: int | None = None,
        max_capacity: int | None = None,
        wakes: bool = False,
    ) -> None:
        """Bring the capacity to 0 outside of office hours, and back within them.

        Nothing is deleted or made again: capacity is all that changes, so that CloudFormation
        knows of it. It begins with the first of the times that comes after the deployment.

        Args:
            start: When they begin, such as ``"08:00"``; the model is there some minutes later.
            end: When they end, such as ``"18:00"``; on the next day where it is before *start*.
            time_zone: Time zone of the two, such as ``TimeZone.EUROPE_BERLIN``.
            days: Days on which they begin, such as ``"MON-FRI"`` or ``"MON,WED,SAT-SUN"``.
                Default: ``"MON-FRI"``.
            min_capacity: The least capacity within them. Default: that of ``auto_scale``, and at
                least 1.
            max_capacity: The largest within them. Default: that of ``auto_scale``.
            wakes: Whether a request may wake the model outside of them. Default: it may not.

        Raises:
            TypeError: A capacity is no whole number.
            ValueError: This kind of hosting can't reach 0, a capacity is out of range, a time or
                a day is none, or the method was called before.
        """
        self._scalable.check_zero("scale_on_office_hours")
        hours = OfficeHours.parse(start, end, days)
        low = max(1, self._bounds[0]) if min_capacity is None else min_capacity
        high = self._bounds[1] if max_capacity is None else max_capacity
        self._scalable.check_capacities(low, high)
        self.scale_on_schedule(
            "OfficeOpens",
            hours.coming,
            min_capacity=low,
            max_capacity=high,
            time_zone=time_zone,
        )
        self.scale_on_schedule(
            "OfficeCloses",
            hours.going,
            min_capacity=0,
            max_capacity=high if wakes else 0,
            time_zone=time_zone,
        )

    def _reach_zero(self, *, wakes: bool) -> None:
        """Prepare for a capacity of 0: tell what is still paid for, and have a request wake it."""
        report(self, check_all(ZERO_RULES, self._scalable))
        wake_up = self._scalable.wake_up
        if not wakes or wake_up is None or _WAKE_UP in self._used:
            return
        self._use(_WAKE_UP)
        if self._target is not None:
            wake_up_on(self._target, _WAKE_UP, wake_up, self._publisher)

    def _use(self, id_: str) -> None:
        if id_ in self._used:
            raise ValueError(
                f"{id_} is set already; set each policy once, and give each schedule a name of "
                "its own"
            )
        self._used.add(id_)
