"""Ask AWS's Price List what an hour of an instance costs.

Source: ``GetProducts`` in the AWS Price List API reference. Usage types are those of bills:
``USE1-Host:ml.g5.2xlarge`` for hosting, ``USE1-AsyncInf:ml.g5.2xlarge`` for asynchronous endpoints.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sagemaker_model.cost.fleet import Billing
from sagemaker_model.cost.prices import Price, PriceKey, Prices

REGION = "us-east-1"
"""A Region that the Price List API is in; it tells the prices of all."""
_SERVICE = "AmazonSageMaker"
_USAGE = {Billing.HOSTING: "Host", Billing.ASYNCHRONOUS: "AsyncInf"}


def ask_prices(client: Any, wanted: Iterable[PriceKey], today: date) -> Prices:
    """Ask for prices.

    Args:
        client: boto3's client of ``pricing``.
        wanted: What is asked for.
        today: The day that is written beside them.
    """
    return Prices({key: Price(_ask(client, key), today) for key in dict.fromkeys(wanted)})


def _ask(client: Any, key: PriceKey) -> Decimal | None:
    """Return a price; None where there is none, or more than one."""
    region, instance_type, billing = key
    usage = re.compile(rf"([A-Z0-9]+-)?{_USAGE[billing]}:{re.escape(instance_type)}")
    filters = {"regionCode": region, "instanceName": instance_type}
    pages = client.get_paginator("get_products").paginate(
        ServiceCode=_SERVICE,
        FormatVersion="aws_v1",
        Filters=[
            {"Type": "TERM_MATCH", "Field": name, "Value": value} for name, value in filters.items()
        ],
    )
    products = [json.loads(each) for page in pages for each in page["PriceList"]]
    prices = {
        price
        for product in products
        if usage.fullmatch(product["product"]["attributes"].get("usagetype", ""))
        for price in _hourly(product)
    }
    return prices.pop() if len(prices) == 1 else None


def _hourly(product: Mapping[str, Any]) -> Iterator[Decimal]:
    for term in product.get("terms", {}).get("OnDemand", {}).values():
        for dimension in term["priceDimensions"].values():
            usd = dimension["pricePerUnit"].get("USD")
            if dimension["unit"] in {"Hrs", "Hour", "Hours"} and usd is not None:
                yield Decimal(usd)
