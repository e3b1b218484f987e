"""How an update reaches the instances: at once, by a canary, step by step, or in batches."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from aws_cdk import Duration
from aws_cdk import aws_sagemaker as sagemaker

from sagemaker_model.hosting.limits import check_between, check_duration, seconds_of

# CapacitySize, TrafficRoutingConfig, BlueGreenUpdatePolicy and RollingUpdatePolicy in the
# SageMaker API reference.
_CANARY = (1, 50)
_LINEAR = (10, 50)
_ROLLING = (5, 50)
_WAIT = (0, 3600)
_TIMEOUT = (600, 28800)
_MOST_INSTANCES = 10_000


class Batch(NamedTuple):
    """How much of a fleet is moved at a time: one of the two numbers is given.

    Args:
        percent: Share of the instances.
        instances: Number of instances.
        low: The least share that SageMaker takes, in percent.
        high: The largest.
    """

    percent: int | None
    instances: int | None
    low: int
    high: int

    def share_of(self, count: int) -> float:
        """Return the share of a fleet of *count* instances, in percent."""
        if self.percent is not None:
            return self.percent
        return 100 * (self.instances or 0) / count

    @property
    def steps(self) -> int:
        """Number of batches, as far as a share tells it."""
        return 2 if self.percent is None else math.ceil(100 / self.percent)

    def bind(self) -> sagemaker.CfnEndpoint.CapacitySizeProperty:
        """Return the property."""
        by_count = self.percent is None
        return sagemaker.CfnEndpoint.CapacitySizeProperty(
            type="INSTANCE_COUNT" if by_count else "CAPACITY_PERCENT",
            value=(self.instances if by_count else self.percent) or 0,
        )


class RollOut(ABC):
    """How an update of the endpoint is rolled out, and how long it is watched.

    The first three are blue/green: a whole second fleet is made, and traffic moves to it. While
    it is watched, an alarm of ``model.roll_back_on(…)`` moves everything back.
    """

    @staticmethod
    def all_at_once(*, bake: Duration | None = None, timeout: Duration | None = None) -> RollOut:
        """Move all traffic to the new fleet in one step.

        Args:
            bake: How long both fleets are kept and the new one is watched, up to 1 hour.
                Default: not at all.
            timeout: When the update is given up, 10 minutes to 8 hours. Default: SageMaker's own.

        Raises:
            ValueError: A time is out of range, or *timeout* is shorter than what is waited.
        """
        return _BlueGreen("ALL_AT_ONCE", None, Duration.seconds(0), bake, timeout)

    @staticmethod
    def canary(
        *,
        wait: Duration,
        percent: int | None = None,
        instances: int | None = None,
        bake: Duration | None = None,
        timeout: Duration | None = None,
    ) -> RollOut:
        """Move a small part of the traffic first, and after a while the rest.

        Args:
            wait: How long the first part is watched, up to 1 hour.
            percent: Size of the first part, 1 to 50 percent of the instances; or *instances*.
            instances: Size of the first part, in instances; at most half of them.
            bake: How long both fleets are kept after the second step, up to 1 hour.
                Default: not at all.
            timeout: When the update is given up, 10 minutes to 8 hours. Default: SageMaker's own.

        Raises:
            ValueError: A size or time is out of range, or *timeout* is shorter than what is waited.
        """
        return _BlueGreen("CANARY", _batch(percent, instances, *_CANARY), wait, bake, timeout)

    @staticmethod
    def linear(
        *,
        wait: Duration,
        percent: int | None = None,
        instances: int | None = None,
        bake: Duration | None = None,
        timeout: Duration | None = None,
    ) -> RollOut:
        """Move the traffic in equal steps.

        Args:
            wait: How long each step is watched, up to 1 hour.
            percent: Size of a step, 10 to 50 percent of the instances; or *instances*.
            instances: Size of a step, in instances; a tenth to half of them.
            bake: How long both fleets are kept after the last step, up to 1 hour.
                Default: not at all.
            timeout: When the update is given up, 10 minutes to 8 hours. Default: SageMaker's own.

        Raises:
            ValueError: A size or time is out of range, or *timeout* is shorter than what is waited.
        """
        return _BlueGreen("LINEAR", _batch(percent, instances, *_LINEAR), wait, bake, timeout)

    @staticmethod
    def rolling(
        *,
        wait: Duration,
        percent: int | None = None,
        instances: int | None = None,
        rollback_percent: int | None = None,
        timeout: Duration | None = None,
    ) -> RollOut:
        """Replace the instances in batches, without a second fleet.

        Args:
            wait: How long each batch is watched, up to 1 hour.
            percent: Size of a batch, 5 to 50 percent of the instances; or *instances*.
            instances: Size of a batch, in instances; a twentieth to half of them.
            rollback_percent: Size of a batch when it is rolled back, 1 to 100 percent.
                Default: all at once, for which a whole fleet is made.
            timeout: When the update is given up, 10 minutes to 8 hours. Default: SageMaker's own.

        Raises:
            ValueError: A size or time is out of range, or *timeout* is shorter than what is waited.
        """
        check_between("rollback_percent", rollback_percent, 1, 100, "percent")
        batch = _batch(percent, instances, *_ROLLING)
        return Rolling(batch, wait, rollback_percent, timeout)

    @property
    @abstractmethod
    def batch(self) -> Batch | None:
        """How much is moved at a time; None for all at once."""

    @property
    @abstractmethod
    def doubles_fleet(self) -> bool:
        """Whether a whole second fleet is needed while it lasts."""

    @property
    @abstractmethod
    def watches(self) -> bool:
        """Whether there is any time in which an alarm could go off."""

    @abstractmethod
    def bind(self, alarm_names: Sequence[str]) -> sagemaker.CfnEndpoint.DeploymentConfigProperty:
        """Return the property, rolled back by the alarms."""


@dataclass(frozen=True, slots=True)
class _BlueGreen(RollOut):
    """A second fleet, to which traffic moves."""

    type: str
    size: Batch | None
    wait: Duration
    bake: Duration | None
    timeout: Duration | None

    def __post_init__(self) -> None:
        check_duration("wait", self.wait, *_WAIT)
        check_duration("bake", self.bake, *_WAIT)
        steps = {"ALL_AT_ONCE": 0, "CANARY": 1}.get(self.type, self.size.steps if self.size else 0)
        _check_timeout(self.timeout, [self.wait] * steps + [self.bake])

    @property
    def batch(self) -> Batch | None:
        return self.size

    @property
    def doubles_fleet(self) -> bool:
        return True

    @property
    def watches(self) -> bool:
        return any(_is_some(time) for time in (self.wait, self.bake))

    def bind(self, alarm_names: Sequence[str]) -> sagemaker.CfnEndpoint.DeploymentConfigProperty:
        size = self.size.bind() if self.size else None
        routing = sagemaker.CfnEndpoint.TrafficRoutingConfigProperty(
            type=self.type,
            wait_interval_in_seconds=self.wait.to_seconds(),
            canary_size=size if self.type == "CANARY" else None,
            linear_step_size=size if self.type == "LINEAR" else None,
        )
        policy = sagemaker.CfnEndpoint.BlueGreenUpdatePolicyProperty(
            traffic_routing_configuration=routing,
            termination_wait_in_seconds=seconds_of(self.bake),
            maximum_execution_timeout_in_seconds=seconds_of(self.timeout),
        )
        return sagemaker.CfnEndpoint.DeploymentConfigProperty(
            blue_green_update_policy=policy, auto_rollback_configuration=_alarms(alarm_names)
        )


@dataclass(frozen=True, slots=True)
class Rolling(RollOut):
    """Batches of the one fleet."""

    size: Batch
    wait: Duration
    rollback_percent: int | None
    timeout: Duration | None

    def __post_init__(self) -> None:
        check_duration("wait", self.wait, *_WAIT)
        _check_timeout(self.timeout, [self.wait] * self.size.steps)

    @property
    def batch(self) -> Batch | None:
        return self.size

    @property
    def doubles_fleet(self) -> bool:
        return False

    @property
    def watches(self) -> bool:
        return _is_some(self.wait)

    def bind(self, alarm_names: Sequence[str]) -> sagemaker.CfnEndpoint.DeploymentConfigProperty:
        rollback = Batch(self.rollback_percent, None, 1, 100).bind()
        policy = sagemaker.CfnEndpoint.RollingUpdatePolicyProperty(
            maximum_batch_size=self.size.bind(),
            wait_interval_in_seconds=self.wait.to_seconds(),
            rollback_maximum_batch_size=None if self.rollback_percent is None else rollback,
            maximum_execution_timeout_in_seconds=seconds_of(self.timeout),
        )
        return sagemaker.CfnEndpoint.DeploymentConfigProperty(
            rolling_update_policy=policy, auto_rollback_configuration=_alarms(alarm_names)
        )


def _batch(percent: int | None, instances: int | None, low: int, high: int) -> Batch:
    if (percent is None) == (instances is None):
        raise ValueError(
            f"give either percent or instances, got percent={percent} and instances={instances}"
        )
    check_between("percent", percent, low, high, "percent")
    check_between("instances", instances, 1, _MOST_INSTANCES)
    return Batch(percent, instances, low, high)


def _check_timeout(timeout: Duration | None, waits: Sequence[Duration | None]) -> None:
    """Refuse a time-out within which nothing could be done but wait."""
    check_duration("timeout", timeout, *_TIMEOUT)
    known = [wait for wait in waits if wait is not None and not wait.is_unresolved()]
    waited = sum(wait.to_seconds() for wait in known)
    given = timeout is not None and not timeout.is_unresolved()
    limit = timeout.to_seconds() if timeout is not None and given else _TIMEOUT[1]
    if waited >= limit:
        raise ValueError(
            f"the update waits {waited:g} seconds in all, which must be less than its timeout of "
            f"{limit:g} seconds; wait less at each step, take larger steps, or raise timeout "
            f"(at most {_TIMEOUT[1]} seconds)"
        )


def _is_some(time: Duration | None) -> bool:
    return time is not None and (time.is_unresolved() or time.to_seconds() > 0)


def _alarms(names: Sequence[str]) -> sagemaker.CfnEndpoint.AutoRollbackConfigProperty | None:
    if not names:
        return None
    alarms = [sagemaker.CfnEndpoint.AlarmProperty(alarm_name=name) for name in names]
    return sagemaker.CfnEndpoint.AutoRollbackConfigProperty(alarms=alarms)
