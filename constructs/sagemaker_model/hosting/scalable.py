"""What of an endpoint can be scaled, and by which metrics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypedDict

from aws_cdk import Duration
from aws_cdk import aws_sagemaker as sagemaker

from sagemaker_model.hosting.limits import check_between
from sagemaker_model.hosting.names import VARIANT_NAME
from sagemaker_model.hosting.wake_up import WakeUp
from sagemaker_model.instance.table import InstanceSpec

INSTANCES = "sagemaker:variant:DesiredInstanceCount"
PROVISIONED_CONCURRENCY = "sagemaker:variant:DesiredProvisionedConcurrency"
COPIES = "sagemaker:inference-component:DesiredCopyCount"
_MOST = 1_000_000  # beyond any quota
# What an update takes from the new configuration, while the number of instances stays as it is.
_NOT_RETAINED = ("DesiredWeight", "DataCaptureConfig")


class TrackingOptions(TypedDict, total=False):
    """What can be said of a policy besides its target; all three have AWS's defaults.

    ``scale_in_cooldown`` and ``scale_out_cooldown`` are how long nothing is scaled in, or out,
    again (5 minutes), and ``disable_scale_in`` is whether capacity is never taken away (it is).
    """

    scale_in_cooldown: Duration
    scale_out_cooldown: Duration
    disable_scale_in: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalable:
    """What Application Auto Scaling is told of an endpoint.

    Args:
        dimension: What it changes.
        lowest: The least capacity that this kind of hosting may have.
        highest: The largest; None where only a quota bounds it.
        metrics: The metric behind each method of :class:`Scaling` that this kind of hosting has,
            besides those that any has: CloudWatch's name, or CDK's of a predefined one.
        why_not: Why the others are refused, and what to use.
        never_zero: Why it can't reach a capacity of 0, and what to use; None where it can.
        wake_up: What wakes it from a capacity of 0; None where it never has that.
        paid_at_zero: Instances that are there and paid for at a capacity of 0 all the same.
    """

    dimension: str
    lowest: int
    metrics: Mapping[str, str]
    why_not: str
    highest: int | None = None
    never_zero: str | None = None
    wake_up: WakeUp | None = None
    paid_at_zero: int = 0

    def resource_id(self, name: str) -> str:
        """Return what Application Auto Scaling calls it.

        Args:
            name: Name of the endpoint, or of the inference component.
        """
        if self.dimension == COPIES:
            return f"inference-component/{name}"
        return f"endpoint/{name}/variant/{VARIANT_NAME}"

    def check_capacities(self, low: int, high: int) -> None:
        """Raise for bounds between which nothing could ever be served.

        Raises:
            TypeError: A capacity is no whole number.
            ValueError: A capacity is out of range.
        """
        self.check_bounds(low, high)
        if high == 0:
            raise ValueError(
                "max_capacity must be 1 or more, got 0; scale_on_schedule can set it to 0 for a "
                "while"
            )

    def check_zero(self, method: str) -> None:
        """Raise where capacity can't be 0.

        Args:
            method: What would bring it there.

        Raises:
            ValueError: This kind of hosting always has some.
        """
        if self.never_zero is not None:
            raise ValueError(f"{method} can't be used here: {self.never_zero}")

    def check_bounds(self, low: int | None, high: int | None) -> None:
        """Raise for bounds that this kind of hosting can't have; None is left as it was.

        Raises:
            TypeError: A capacity is no whole number.
            ValueError: A capacity is out of range.
        """
        most = self.highest or _MOST
        check_between("min_capacity", low, self.lowest, most)
        check_between("max_capacity", high, self.lowest, most)
        if low is not None and high is not None and 0 <= high < low:
            raise ValueError(
                f"min_capacity must be at most max_capacity, got {low} and {high}; raise "
                "max_capacity"
            )


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


def retain_capacity(endpoint: sagemaker.CfnEndpoint) -> None:
    """Have an update keep the number of instances that scaling has come to."""
    endpoint.retain_all_variant_properties = True
    endpoint.exclude_retained_variant_properties = [
        sagemaker.CfnEndpoint.VariantPropertyProperty(variant_property_type=each)
        for each in _NOT_RETAINED
    ]
