"""The page on ``serve`` tells its options, defaults and limits as they are."""

from __future__ import annotations

import re
from pathlib import Path

from cli.verbs import VERBS
from sagemaker_model.local.serving.limits import AS_OF, ASYNCHRONOUS, REAL_TIME, SERVERLESS
from sagemaker_model.serve.front import WARNING_HEADER

PAGE = (Path(__file__).parents[2] / "docs/serve.md").read_text(encoding="utf-8")


def test_its_table_of_options_is_whole() -> None:
    _, _, table = PAGE.partition("\n## Options\n")
    told = {
        name.rpartition("no-")[2].lstrip("-").lower()
        for row in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE)
        for name in re.findall(r"`([^`]+)`", row)
    }
    known = {
        name.lstrip("-").removeprefix("no-")
        for each in VERBS["serve"].params
        for name in (each.opts if each.opts[0].startswith("-") else [each.name])
    }

    assert told == known - {"help"}


def test_its_limits_are_those_that_are_warned_of() -> None:
    rows = re.findall(r"^\| (.+) \| ([\d,]+) bytes \| ([\d,]+) seconds \|$", PAGE, re.MULTILINE)

    assert rows == [
        (hosting, f"{limits.largest_body:,}", f"{limits.longest_answer:,.0f}")
        for hosting, limits in (
            ("real time", REAL_TIME),
            ("serverless", SERVERLESS),
            ("asynchronous", ASYNCHRONOUS),
        )
    ]
    assert str(AS_OF) in PAGE
    assert WARNING_HEADER in PAGE
