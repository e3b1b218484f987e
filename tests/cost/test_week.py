"""How many instances a schedule keeps on average."""

from __future__ import annotations

import pytest

from sagemaker_model.cost.week import Change, average_least

HOURS = 168


def hours(first: int, *changes: tuple[str, int | None]) -> float | None:
    average = average_least(first, [Change(*each) for each in changes])
    return None if average is None else round(average * HOURS, 2)


def test_without_a_schedule_the_least_number_runs_all_week() -> None:
    assert hours(2) == 2 * HOURS


@pytest.mark.parametrize(
    ("up", "down", "expected"),
    [
        ("cron(0 8 ? * MON-FRI *)", "cron(0 18 ? * MON-FRI *)", 50),
        ("cron(0 8 ? * 2-6 *)", "cron(0 18 ? * 2-6 *)", 50),
        ("cron(30 8 ? * mon,WED *)", "cron(0 9 ? * mon,WED *)", 1),
        ("cron(0 8 * * ? *)", "cron(0 18 * * ? *)", 70),
        ("cron(0 8 ? * MON *)", "cron(0 18 ? * FRI *)", 106),
        ("cron(0 22 ? * SAT *)", "cron(0 2 ? * SUN *)", 4),
    ],
)
def test_hours_of_the_day_and_days_of_the_week_are_added_up(
    up: str, down: str, expected: int
) -> None:
    assert hours(1, (up, 1), (down, 0)) == expected


def test_what_changes_the_largest_number_alone_changes_nothing() -> None:
    assert hours(1, ("cron(0 8 ? * MON-FRI *)", None)) == HOURS


@pytest.mark.parametrize(
    "schedule",
    ["rate(1 day)", "at(2027-01-01T00:00:00)", "cron(0 8 1 * ? *)", "cron(0 8 ? JAN MON *)", "x"],
)
def test_what_is_not_the_same_each_week_is_not_guessed(schedule: str) -> None:
    assert hours(1, (schedule, 0)) is None


@pytest.mark.parametrize(
    "schedule", ["cron(0 8/2 ? * MON *)", "cron(0 8 ? * MON#1 *)", "cron(a b ? * d *)"]
)
def test_forms_that_are_not_read_are_not_guessed(schedule: str) -> None:
    assert hours(1, (schedule, 0)) is None
