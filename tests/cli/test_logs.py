"""What ``logs`` takes for a time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from typer.testing import CliRunner

from sagemaker_model.cli.logs import duration
from sagemaker_model.cli.main import app


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30s", timedelta(seconds=30)),
        (" 10m", timedelta(minutes=10)),
        ("2h", timedelta(hours=2)),
        ("1d", timedelta(days=1)),
    ],
)
def test_a_time_is_a_number_and_a_unit(text: str, expected: timedelta) -> None:
    assert duration(text) == expected


@pytest.mark.parametrize("text", ["yesterday", "10", "m", "-1m", "1w", "1.5h", ""])
def test_any_other_time_is_a_wrong_use_and_led_to_a_right_one(text: str) -> None:
    done = CliRunner().invoke(app, ["logs", "chat", "--since", text])

    assert done.exit_code == 2
    assert "Invalid value for --since" in done.stderr
    assert "a number and a unit" in done.stderr
