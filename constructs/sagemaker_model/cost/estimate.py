"""What the endpoints of an app cost, as far as it is known; nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sagemaker_model.cost.fleet import Billing, Fleet
from sagemaker_model.cost.prices import PriceKey, Prices
from sagemaker_model.cost.week import average_least

HOURS_OF_A_MONTH = 730
"""As AWS's own calculator counts: 365 days of 24 hours, by twelve."""
_WHOLE = 10  # from here on nobody asks for parts of a cent
_NOT_ASKED = "its price was not asked for; --prices does"


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one fleet costs.

    Args:
        fleet: The instances.
        hourly: US dollars an hour, with as many instances as there are at first; None where
            that is not known.
        monthly: US dollars a month with the least number of instances that scaling and its
            schedule leave; None where that is not known.
        most: US dollars an hour with as many instances as scaling may start; None where that is
            not known.
        note: Why something is not known, or how it is billed otherwise.
        asked: The day that the price is of; None without one.
    """

    fleet: Fleet
    hourly: Decimal | None = None
    monthly: Decimal | None = None
    most: Decimal | None = None
    note: str = ""
    asked: date | None = None

    @property
    def unknown(self) -> bool:
        """Whether it costs something by the hour that is not known."""
        return self.fleet.billing is not Billing.SERVERLESS and self.hourly is None


def price_keys(fleets: Iterable[Fleet]) -> list[PriceKey]:
    """Return the prices that are needed for fleets."""
    keys = (price_key(fleet) for fleet in fleets)
    return [*dict.fromkeys(key for key in keys if key is not None)]


def price_key(fleet: Fleet) -> PriceKey | None:
    """Return the price that is needed for a fleet; None where it is not known which."""
    if fleet.billing is Billing.SERVERLESS or not fleet.region or not fleet.instance_type:
        return None
    return fleet.region, fleet.instance_type, fleet.billing


def estimate(fleet: Fleet, prices: Prices) -> Estimate:
    """Return what a fleet costs.

    Args:
        fleet: The instances.
        prices: The prices that are known.
    """
    if fleet.billing is Billing.SERVERLESS:
        return Estimate(fleet, note="serverless: billed by request, nothing by the hour")
    key = price_key(fleet)
    if key is None:
        missing = "instance type" if fleet.region else "Region"
        return Estimate(fleet, note=f"the template leaves its {missing} open")
    price = prices.known.get(key)
    if price is None:
        return Estimate(fleet, note=_NOT_ASKED)
    if price.usd is None:
        return Estimate(fleet, note=f"the Price List has no one price for it ({price.asked})")
    least = None if fleet.least is None else average_least(fleet.least, fleet.schedule)
    return Estimate(
        fleet,
        hourly=None if fleet.first is None else price.usd * fleet.first,
        monthly=None if least is None else price.usd * Decimal(least) * HOURS_OF_A_MONTH,
        most=None if fleet.most is None else price.usd * fleet.most,
        note="; ".join(_notes(fleet, least)),
        asked=price.asked,
    )


def _notes(fleet: Fleet, least: float | None) -> Iterator[str]:
    if least is None:
        yield "its schedule is not one that can be added up"
    if fleet.others:
        yield f"where there is none of it, {' or '.join(fleet.others)}, at another price"


def must_cost_at_most(estimates: Sequence[Estimate], limit: Decimal) -> None:
    """Refuse endpoints that cost more by the hour, as many instances as there are at first.

    Args:
        estimates: What the endpoints cost.
        limit: US dollars an hour.

    Raises:
        ValueError: They cost more, or it is not known what they cost.
    """
    unknown = [each.fleet.endpoint for each in estimates if each.unknown]
    total = sum((each.hourly or Decimal(0) for each in estimates), Decimal(0))
    if total > limit:
        raise ValueError(
            f"the endpoints cost {dollars(total)} an hour, more than the {dollars(limit)} of "
            "--max-hourly; choose smaller or fewer instances, or raise it"
        )
    if unknown:
        raise ValueError(
            f"it is not known what {', '.join(unknown)} costs, so it can't be held to "
            f"--max-hourly {limit}; ask for prices with --prices"
        )


def dollars(amount: Decimal) -> str:
    """Write an amount of US dollars.

    >>> dollars(Decimal("1105.95")), dollars(Decimal("0.115")), dollars(Decimal(0))
    ('$1,105.95', '$0.115', '$0.00')
    """
    if amount >= _WHOLE:
        return f"${amount:,.2f}"
    exact = f"{amount:.3f}"
    return f"${exact.removesuffix('0')}"
