"""How many instances SageMaker keeps for the copies of models that share them."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Duration, Token

from sagemaker_model.hosting.limits import check_between, check_duration

# ProductionVariantManagedInstanceScaling in the SageMaker API reference.
_CONSOLIDATION = (5 * 60, 24 * 3600)
_MOST = 1_000_000  # beyond any quota


def check_instances(least: int, most: int, first: int) -> None:
    """Raise for numbers of instances that exclude each other.

    Args:
        least: The least number of instances.
        most: The largest.
        first: The number at first.

    Raises:
        TypeError: One is no whole number.
        ValueError: One is out of range.
    """
    check_between("min_instances", least, 0, _MOST)
    check_between("max_instances", most, 1, _MOST)
    known = not any(map(Token.is_unresolved, (least, most, first)))
    if known and not least <= first <= most:
        raise ValueError(
            f"the number of instances at first must lie between min_instances and max_instances, "
            f"got {first} for {least} to {most}; give hosting=RealTime(initial_instance_count=…), "
            "or other bounds"
        )


def check_consolidation(after: Duration | None) -> None:
    """Raise ``ValueError`` for a time after which SageMaker would not consolidate."""
    check_duration("consolidate_after", after, *_CONSOLIDATION)


def managed_instance_scaling(
    least: int, most: int, consolidate_after: Duration | None
) -> Mapping[str, object]:
    """Return ``ManagedInstanceScaling`` as CloudFormation names it."""
    scaling = {"Status": "ENABLED", "MinInstanceCount": least, "MaxInstanceCount": most}
    if consolidate_after is None:
        return scaling
    policy = {"Strategy": "CONSOLIDATION", "CooldownInMinutes": consolidate_after.to_minutes()}
    return {**scaling, "ScaleInPolicy": policy}
