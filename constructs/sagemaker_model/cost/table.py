"""What endpoints cost, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from sagemaker_model.cost.estimate import Estimate, dollars
from sagemaker_model.cost.fleet import Fleet


def cost_lines(estimates: Sequence[Estimate]) -> list[str]:
    """Return a line for each fleet, and one for all.

    Args:
        estimates: What the fleets cost.
    """
    lines = [f"{each.fleet.endpoint}: {instances(each.fleet)}{cost(each)}" for each in estimates]
    priced = [each for each in estimates if each.hourly is not None]
    if len(priced) > 1:
        total = sum((each.hourly or Decimal(0) for each in priced), Decimal(0))
        left_out = sum(each.unknown for each in estimates)
        lines.append(
            f"in all: {dollars(total)} an hour at first"
            + (f", without {left_out} whose cost is not known" if left_out else "")
        )
    days = sorted({f"{each.asked}" for each in estimates if each.asked})
    if days:
        lines.append(
            f"by AWS's Price List of {', '.join(days)}, on demand; storage, requests and transfers "
            "come on top"
        )
    return lines


def instances(fleet: Fleet) -> str:
    """Say how many instances of which type there are.

    Args:
        fleet: The instances.
    """
    if fleet.instance_type is None:
        return ""
    count = "?" if fleet.first is None else str(fleet.first)
    place = f" in {fleet.region}" if fleet.region else ""
    scaled = f", scaled {fleet.least} to {fleet.most}" if fleet.least != fleet.most else ""
    clock = " and by the clock" if fleet.schedule else ""
    return f"{count} x {fleet.instance_type}{place}{scaled}{clock}; "


def cost(estimate: Estimate) -> str:
    """Say what a fleet costs.

    Args:
        estimate: What is known of it.
    """
    return "; ".join(_parts(estimate)) or "cost unknown"


def _parts(estimate: Estimate) -> Iterator[str]:
    if estimate.unknown:
        yield f"cost unknown: {estimate.note}"
        return
    if estimate.hourly is not None:
        yield f"{dollars(estimate.hourly)} an hour at first"
    if estimate.monthly is not None:
        yield f"{dollars(estimate.monthly)} a month at the least"
    if estimate.most is not None and estimate.most != estimate.hourly:
        yield f"{dollars(estimate.most)} an hour at most"
    if estimate.note:
        yield estimate.note
