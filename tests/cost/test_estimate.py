"""What endpoints cost, as far as it is known, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from sagemaker_model.cost.estimate import estimate, must_cost_at_most, price_keys
from sagemaker_model.cost.fleet import Billing, Fleet
from sagemaker_model.cost.prices import Price, Prices, read_prices, write_prices
from sagemaker_model.cost.table import cost_lines
from sagemaker_model.cost.week import Change

FLEET = Fleet(
    endpoint="Chat/Model",
    billing=Billing.HOSTING,
    region="us-east-1",
    instance_type="ml.g5.2xlarge",
    first=1,
    least=1,
    most=1,
)
DAY = date(2026, 11, 20)
KEY = ("us-east-1", "ml.g5.2xlarge", Billing.HOSTING)
PRICES = Prices({KEY: Price(Decimal("1.5"), DAY)})
OFFICE_HOURS = (Change("cron(0 8 ? * MON-FRI *)", 1), Change("cron(0 18 ? * MON-FRI *)", 0))


def said(fleet: Fleet, prices: Prices = PRICES) -> str:
    return cost_lines([estimate(fleet, prices)])[0]


def test_what_runs_all_the_time_costs_its_price_times_the_hours() -> None:
    assert said(FLEET) == (
        "Chat/Model: 1 x ml.g5.2xlarge in us-east-1; $1.50 an hour at first; "
        "$1,095.00 a month at the least"
    )


def test_scaling_tells_the_most_and_a_schedule_the_month() -> None:
    scaled = replace(FLEET, first=2, least=1, most=4, schedule=OFFICE_HOURS)

    assert said(scaled) == (
        "Chat/Model: 2 x ml.g5.2xlarge in us-east-1, scaled 1 to 4 and by the clock; "
        "$3.00 an hour at first; "
        "$325.89 a month at the least; $6.00 an hour at most"
    )


def test_a_schedule_that_cannot_be_added_up_leaves_the_month_open() -> None:
    text = said(replace(FLEET, schedule=(Change("rate(1 day)", 0),)))

    assert "a month" not in text
    assert "its schedule is not one that can be added up" in text


@pytest.mark.parametrize(
    ("fleet", "prices", "why"),
    [
        (FLEET, Prices(), "its price was not asked for; --prices does"),
        (FLEET, Prices({KEY: Price(None, DAY)}), "the Price List has no one price for it"),
        (replace(FLEET, region=None), PRICES, "the template leaves its Region open"),
        (replace(FLEET, instance_type=None), PRICES, "the template leaves its instance type open"),
        (replace(FLEET, first=None), PRICES, "cost unknown"),
    ],
    ids=["not asked", "no price", "no Region", "no type", "no number"],
)
def test_what_is_not_known_is_not_guessed(fleet: Fleet, prices: Prices, why: str) -> None:
    told = estimate(fleet, prices)

    assert told.hourly is None
    assert told.unknown
    assert why in said(fleet, prices)


def test_serverless_costs_nothing_by_the_hour_and_needs_no_price() -> None:
    serverless = Fleet(endpoint="S/M", billing=Billing.SERVERLESS, region="us-east-1")

    assert price_keys([serverless, FLEET, FLEET]) == [KEY]
    assert "billed by request" in said(serverless)
    must_cost_at_most([estimate(serverless, Prices())], Decimal(0))


def test_several_endpoints_have_a_sum_that_says_what_it_leaves_out() -> None:
    costs = [
        estimate(each, PRICES)
        for each in (FLEET, replace(FLEET, endpoint="Other"), replace(FLEET, region=None))
    ]

    *_, total, source = cost_lines(costs)

    assert total == "in all: $3.00 an hour at first, without 1 whose cost is not known"
    assert "Price List of 2026-11-20, on demand" in source


def test_more_than_the_limit_and_what_is_not_known_fail() -> None:
    known, unknown = estimate(FLEET, PRICES), estimate(FLEET, Prices())

    must_cost_at_most([known, known], Decimal(3))
    with pytest.raises(ValueError, match=r"cost \$3\.00 an hour, more than the \$2\.00"):
        must_cost_at_most([known, known], Decimal(2))
    with pytest.raises(ValueError, match="not known what Chat/Model costs"):
        must_cost_at_most([known, unknown], Decimal(20))


def test_prices_are_read_as_they_were_written_and_a_newer_one_wins(tmp_path: Path) -> None:
    older = Prices({**PRICES.known, ("a", "ml.m5.large", Billing.ASYNCHRONOUS): Price(None, DAY)})
    newer = Prices({KEY: Price(Decimal("1.6"), date(2026, 11, 21))})
    file = tmp_path / "prices.json"

    write_prices(file, older | newer)

    assert read_prices(file) == older | newer
    assert read_prices(file).known[KEY].usd == Decimal("1.6")
    assert file.read_text().count("\n") == 4


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"version": 2}', '{"version": 1, "prices": [{}]}', "{"]
)
def test_a_file_that_is_none_of_prices_is_refused_with_the_way_out(
    tmp_path: Path, text: str
) -> None:
    file = tmp_path / "prices.json"
    file.write_text(text)

    with pytest.raises(ValueError, match=r"prices\.json is no file of prices: .*--prices"):
        read_prices(file)
