"""``why`` names the cause of each failure that endpoints are known for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.why.conftest import FINE, ODD, Ask
from local.why.failures import FAILING, OF_THE_LIBRARY, TWELVE
from sagemaker_model.why.causes import CAUSES

BY_ID = {cause.id: cause for cause in CAUSES}
TOLD = {**{name: (each.cause, each.quotes) for name, each in FAILING.items()}, **OF_THE_LIBRARY}


def told(ask: Ask, name: str) -> dict[str, Any]:
    done = ask("why", f"why-{name}", "--json")
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.stdout))


def test_all_twelve_are_tried() -> None:
    assert {name.partition("-")[0] for name in TOLD} == set(TWELVE)


@pytest.mark.parametrize("name", TOLD)
def test_the_cause_is_named_first_with_what_tells_it_and_the_fix(ask: Ask, name: str) -> None:
    cause, quotes = TOLD[name]

    first = told(ask, name)["causes"][0]

    assert first["id"] == cause
    assert quotes in first["said"]
    assert first["fix"] == BY_ID[cause].fix
    assert first["rules"] == list(BY_ID[cause].rules)


@pytest.mark.parametrize("name", TOLD)
def test_event_log_fix_and_rules_are_shown(ask: Ask, name: str) -> None:
    cause, quotes = TOLD[name]

    shown = ask("why", f"why-{name}").stdout

    assert shown.startswith("CloudFormation, of ")
    assert quotes in shown
    assert f"  fix: {BY_ID[cause].fix}\n" in shown
    assert all(rule in shown for rule in BY_ID[cause].rules)


def test_the_build_s_own_log_tells_of_a_gated_model(ask: Ask) -> None:
    assert told(ask, "4-gated")["causes"][0]["by"].startswith("the build why-4-gated_")


def test_the_container_s_log_tells_why_an_endpoint_in_service_is_silent(ask: Ask) -> None:
    first, *others = told(ask, "11-load")["causes"]

    assert "/aws/sagemaker/Endpoints/" in first["by"]
    assert "does-not-answer" in {each["id"] for each in others}


def test_a_container_that_was_never_started_has_no_log(ask: Ask) -> None:
    by = {each["by"] for each in told(ask, "3-driver")["said"]}

    assert by == {"CloudFormation, of Endpoint (AWS::SageMaker::Endpoint)"}


def test_of_a_stack_that_is_there_nothing_is_said(ask: Ask) -> None:
    done = ask("why", FINE)

    assert (done.exit_code, done.stdout) == (0, "")
    assert "nothing failed in the last change" in done.stderr


def test_of_an_endpoint_that_serves_nothing_is_said_whatever_its_container_wrote(ask: Ask) -> None:
    done = ask("why", f"{FINE}-Endpoint-")

    assert (done.exit_code, done.stdout) == (0, "")
    assert "nothing failed" in done.stderr


def test_a_cause_that_nobody_knows_is_told_so_with_what_was_said(ask: Ask) -> None:
    done = ask("why", ODD)

    assert done.exit_code == 1
    assert "The moon is full." in done.stdout
    assert "no known cause is among what was said" in done.stderr
