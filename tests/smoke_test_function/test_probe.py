"""What is asked each minute of an update, and what counts as a failure."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sagemaker_model.smoke_test.lambda_code.smoke_test_handler.probe import probe
from smoke_test_function.world import COMPONENT, NAME, Script, World, question

TOLD = {"EndpointName": NAME, "Namespace": "N", "Metric": "M", "Question": "q"}


def failures(world: World, **test: Any) -> int | None:
    return probe({**TOLD, "Test": question(**test)}, world.aws.client, world.aws.now)


@pytest.mark.parametrize("status", ["InService", "Creating", "RollingBack", "Failed"])
def test_nothing_is_asked_unless_the_endpoint_is_updated(world: World, status: str) -> None:
    world.status = status

    assert failures(world) is None
    assert world.asked == []


def test_an_update_is_asked_several_times_as_a_part_of_the_traffic_is_new(world: World) -> None:
    world.status = "Updating"

    assert failures(world) == 0
    assert len(world.asked) == 20


def test_an_update_of_a_component_is_the_component_s(world: World) -> None:
    told = {**TOLD, "ComponentName": COMPONENT, "Test": question()}
    world.status = "Updating"

    assert probe(told, world.aws.client, world.aws.now) is None
    world.component_status = "Updating"
    assert probe(told, world.aws.client, world.aws.now) == 0


@pytest.mark.parametrize("script", [400, 424, 500], ids=str)
def test_what_the_container_says_counts(world: World, script: Script) -> None:
    world.status, world.script = "Updating", ["an answer", script, script, "an answer"]

    assert failures(world) == 2


def test_another_answer_counts(world: World) -> None:
    world.status, world.script = "Updating", ["other", "an answer"]

    assert failures(world, pattern="an answer") == 1


@pytest.mark.parametrize("script", [429, 503, 0, (400, "ThrottlingException")], ids=str)
def test_what_is_slow_or_overloaded_does_not(world: World, script: Script) -> None:
    world.status, world.script = "Updating", [script]

    assert failures(world) == 0


def test_nor_does_what_is_tolerated(world: World) -> None:
    world.status, world.script = "Updating", [422]

    assert failures(world, tolerates=["422"]) == 0


def test_it_ends_before_the_next_minute_begins(world: World) -> None:
    world.status = "Updating"

    def slow() -> float:
        world.time += 15
        return world.time

    probe({**TOLD, "Test": question()}, world.aws.client, slow)

    assert len(world.asked) == 3


def test_the_metric_stands_in_the_log(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.status, world.script = "Updating", [500]

    failures(world)

    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    (metrics,) = told["_aws"]["CloudWatchMetrics"]
    assert metrics == {
        "Namespace": "N",
        "Dimensions": [["Question"]],
        "Metrics": [{"Name": "M", "Unit": "Count"}],
    }
    assert (told["Question"], told["M"]) == ("q", 20)
    assert told["_aws"]["Timestamp"] > 1.7e12
