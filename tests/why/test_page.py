"""The page of troubleshooting tells of each cause and failure what ``why`` and its tests hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.why.failures import FAILING, OF_THE_LIBRARY, TWELVE
from sagemaker_model.why.cause import Cause
from sagemaker_model.why.causes import CAUSES

PAGE = Path(__file__).parents[2] / "docs" / "troubleshooting.md"


def row(*cells: str) -> str:
    # In a page, angle brackets would be taken for markup.
    escaped = (cell.replace("<", "&lt;").replace(">", "&gt;") for cell in cells)
    return f"| {' | '.join(escaped)} |\n"


def cause_row(cause: Cause) -> str:
    rules = ", ".join(f"[{rule}](rules.md#{rule})" for rule in cause.rules)
    return row(f"`{cause.id}`", cause.title, cause.fix, rules)


def failure_row(number: str) -> str:
    tried = {name: each.cause for name, each in FAILING.items()}
    tried |= {name: cause for name, (cause, _) in OF_THE_LIBRARY.items()}
    mine = {name: cause for name, cause in tried.items() if name.partition("-")[0] == number}
    by_itself = [cause for name, cause in mine.items() if name not in ON_COMMAND]
    on_command = [cause for name, cause in mine.items() if name in ON_COMMAND]
    cells = (", ".join(f"`{cause}`" for cause in causes) for causes in (by_itself, on_command))
    return row(number, TWELVE[number], *cells)


ON_COMMAND = {name for name, each in FAILING.items() if each.fault}
CAUSE_ROWS = "".join(cause_row(cause) for cause in CAUSES)
FAILURE_ROWS = "".join(failure_row(number) for number in TWELVE)


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: str(cause.id))
def test_the_page_tells_of_a_cause_what_the_command_does(cause: Cause) -> None:
    assert cause_row(cause) in PAGE.read_text(encoding="utf-8")


def test_the_page_tells_of_no_other_cause() -> None:
    assert CAUSE_ROWS in PAGE.read_text(encoding="utf-8")


def test_the_page_tells_which_failures_are_tried_and_which_only_on_command() -> None:
    assert FAILURE_ROWS in PAGE.read_text(encoding="utf-8")
