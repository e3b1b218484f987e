"""Where instances come from: several types in turn, or a reservation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from aws_cdk import aws_sagemaker as sagemaker

from sagemaker_model.tokens import is_token

_MOST_POOLS = 5  # ProductionVariant.InstancePools
# MlReservationArn
_RESERVATION = re.compile(r"arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:[a-z0-9-]{1,14}/")
_LONGEST_ARN = 258


def check_instance_pools(types: Sequence[str]) -> None:
    """Raise for further types that can't be pools beside the deployment's own type."""
    if isinstance(types, str):
        raise TypeError(f"instance_pools must be a list of instance types, got {types!r}")
    if len(types) >= _MOST_POOLS:
        raise ValueError(
            f"instance_pools must be at most {_MOST_POOLS - 1} further types, as the deployment's "
            f"own is the first of {_MOST_POOLS}, got {len(types)}"
        )
    if len(set(types)) != len(types):
        raise ValueError(f"instance_pools names a type twice, got {list(types)}; name each once")


def check_reservation(arn: str | None, pools: Sequence[str]) -> None:
    """Raise for what can't be the ARN of an ML capacity reservation."""
    if arn is None:
        return
    if pools:
        raise ValueError(
            "capacity_reservation_arn and instance_pools exclude each other: a reservation is for "
            "one type, and only its instances are launched; leave one of them out"
        )
    if not is_token(arn) and not (_RESERVATION.match(arn) and len(arn) <= _LONGEST_ARN):
        raise ValueError(
            "capacity_reservation_arn must be the ARN of a reservation in SageMaker, of at most "
            f"{_LONGEST_ARN} characters, got {arn!r}"
        )


def instance_pools(first: str, further: Sequence[str]) -> list[Mapping[str, object]] | None:
    """Return ``InstancePools`` in the order in which they are tried; None for one type alone.

    Raises:
        ValueError: The deployment's own type is among the further ones.

    >>> instance_pools("ml.g5.xlarge", ["ml.g6.xlarge"])[1]
    {'InstanceType': 'ml.g6.xlarge', 'Priority': 2}
    """
    if not further:
        return None
    if first in further:
        raise ValueError(
            f"instance_pools names {first!r}, which is the deployment's instance_type and tried "
            "first anyway; name further types only"
        )
    return [
        {"InstanceType": each, "Priority": priority}
        for priority, each in enumerate((first, *further), start=1)
    ]


def capacity_reservation(
    arn: str | None,
) -> sagemaker.CfnEndpointConfig.CapacityReservationConfigProperty | None:
    """Return the property that launches instances into a reservation only."""
    if arn is None:
        return None
    return sagemaker.CfnEndpointConfig.CapacityReservationConfigProperty(
        capacity_reservation_preference="capacity-reservations-only", ml_reservation_arn=arn
    )
