"""Prices of instances, as AWS's Price List told them on a certain day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeAlias

from sagemaker_model.cost.fleet import Billing

FILE_NAME = "prices.json"
"""What a file of prices is called where nobody says otherwise."""
_VERSION = 1

PriceKey: TypeAlias = tuple[str, str, Billing]
"""Region, instance type, and how it is billed."""


@dataclass(frozen=True, slots=True)
class Price:
    """What one hour of an instance costs.

    Args:
        usd: US dollars; None where the Price List has no such price.
        asked: The day on which it was asked for.
    """

    usd: Decimal | None
    asked: date


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices that were asked for.

    Args:
        known: Them, by Region, type and billing. Default: none.
    """

    known: Mapping[PriceKey, Price] = field(default_factory=dict)

    def __or__(self, newer: Prices) -> Prices:
        return Prices({**self.known, **newer.known})


def read_prices(path: Path) -> Prices:
    """Read a file of prices; a missing one has none.

    Args:
        path: The file.

    Raises:
        ValueError: It is no file of prices.
    """
    if not path.is_file():
        return Prices()
    try:
        return Prices(dict(_entries(json.loads(path.read_text(encoding="utf-8")))))
    except (ValueError, TypeError, KeyError, AttributeError, InvalidOperation) as error:
        raise ValueError(
            f"{path} is no file of prices: {error}; delete it and ask for them again with --prices"
        ) from error


def write_prices(path: Path, prices: Prices) -> None:
    """Write a file of prices.

    Args:
        path: The file.
        prices: The prices.
    """
    path.write_text(prices_text(prices), encoding="utf-8")


def prices_text(prices: Prices) -> str:
    """Return prices as a file's text: sorted, one price on a line.

    Args:
        prices: The prices.
    """
    lines = [
        json.dumps(
            {
                "region": region,
                "instance_type": instance_type,
                "billing": billing.value,
                "usd_an_hour": None if price.usd is None else str(price.usd),
                "asked": price.asked.isoformat(),
            }
        )
        for (region, instance_type, billing), price in sorted(
            prices.known.items(), key=lambda item: (item[0][0], item[0][1], item[0][2].value)
        )
    ]
    body = ",\n".join(f"  {line}" for line in lines)
    return f'{{"version": {_VERSION}, "prices": [\n{body}\n]}}\n'


def _entries(file: Any) -> list[tuple[PriceKey, Price]]:
    if file["version"] != _VERSION:
        raise ValueError(f"its version is {file['version']!r}, and {_VERSION} is known")
    return [
        (
            (entry["region"], entry["instance_type"], Billing(entry["billing"])),
            Price(_usd(entry["usd_an_hour"]), date.fromisoformat(entry["asked"])),
        )
        for entry in file["prices"]
    ]


def _usd(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
