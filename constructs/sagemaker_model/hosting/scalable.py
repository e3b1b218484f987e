"""What of an endpoint can be scaled, and by which metrics."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sagemaker_model.instance.table import InstanceSpec

INSTANCES = "sagemaker:variant:DesiredInstanceCount"
PROVISIONED_CONCURRENCY = "sagemaker:variant:DesiredProvisionedConcurrency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalable:
    """What Application Auto Scaling is told of an endpoint.

    Args:
        dimension: What it changes.
        lowest: The least capacity that this kind of hosting may have.
        highest: The largest; None where only a quota bounds it.
        methods: The methods of :class:`Scaling` whose metrics this kind of hosting publishes,
            besides those that any has.
        why_not: Why the others are refused, and what to use.
        wakes: Whether it can be woken from a capacity of 0, by requests that wait.
    """

    dimension: str
    lowest: int
    methods: frozenset[str]
    why_not: str
    highest: int | None = None
    wakes: bool = False


def refuse_burstable(instances: Iterable[InstanceSpec | None]) -> None:
    """Raise for a type that Application Auto Scaling does not take.

    Raises:
        ValueError: An instance type is burstable (``ml.t2.…``).
    """
    burstable = [each.name for each in instances if each is not None and each.burstable]
    if burstable:
        raise ValueError(
            f"auto_scale can't be used on {burstable[0]}: SageMaker does not scale burstable "
            "types; take another type, such as ml.m5.large"
        )
