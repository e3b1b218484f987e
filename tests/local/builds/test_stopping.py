"""Builds that wait, are stopped, or take too long."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.builds.cloud import Builder, lives, phases, reason, spec
from sagemaker_model.local.builds.failures import RequestError


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """A file for which builds wait."""
    return tmp_path / "gate"


@pytest.fixture
def single(tmp_path: Path) -> Iterator[Builder]:
    """A CodeBuild with one slot."""
    made = Builder(tmp_path / "builds", slots=1)
    yield made
    made.service.close()


def waiting(gate: Path) -> str:
    return spec(f"until [ -f {gate} ]; do sleep 0.02; done", post_build=["echo after"])


def in_build(builder: Builder, name: str) -> None:
    builder.until(name, lambda build: build["currentPhase"] == "BUILD")


def test_a_stopped_build_ends_with_all_that_it_started(builder: Builder, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    builder.project(spec(f"sleep 1000 & echo $! >{pid}; wait", post_build=["echo after"]))
    name = builder.start()
    builder.until(name, lambda _: pid.is_file() and pid.read_text().endswith("\n"))

    stopped = builder.service.call("StopBuild", {"id": name})["build"]

    assert stopped["buildStatus"] == "STOPPED"
    assert stopped["buildComplete"]
    assert phases(stopped)["BUILD"] == "STOPPED"
    assert "POST_BUILD" not in phases(stopped)
    assert not lives(int(pid.read_text()))


def test_stopping_a_build_that_has_ended_changes_nothing(builder: Builder) -> None:
    build = builder.run(spec("true"))

    assert builder.service.call("StopBuild", {"id": build["id"]})["build"] == build


def test_a_build_that_takes_too_long_times_out(tmp_path: Path, gate: Path) -> None:
    builder = Builder(tmp_path / "builds", shortest=0.5)
    build = builder.run(waiting(gate))

    assert build["buildStatus"] == "TIMED_OUT"
    assert phases(build)["BUILD"] == "TIMED_OUT"
    assert reason(build).startswith("BUILD_TIMED_OUT: Build has timed out")


def test_builds_beyond_the_slots_wait_for_their_turn(single: Builder, gate: Path) -> None:
    single.project(waiting(gate))
    first = single.start()
    in_build(single, first)
    second, third = single.start(), single.start()

    assert {single.build(name)["currentPhase"] for name in (second, third)} == {"QUEUED"}
    gate.touch()
    ended = [single.wait(name) for name in (first, second, third)]

    assert {build["buildStatus"] for build in ended} == {"SUCCEEDED"}
    assert [build["buildNumber"] for build in ended] == [1, 2, 3]
    assert ended[0]["endTime"] <= ended[1]["endTime"] <= ended[2]["endTime"]


def test_as_many_builds_run_at_once_as_there_are_slots(tmp_path: Path, gate: Path) -> None:
    builder = Builder(tmp_path / "builds", slots=2)
    builder.project(waiting(gate))
    names = [builder.start() for _ in range(3)]

    for name in names[:2]:
        in_build(builder, name)

    assert builder.build(names[2])["currentPhase"] == "QUEUED"
    gate.touch()
    assert {builder.wait(name)["buildStatus"] for name in names} == {"SUCCEEDED"}


def test_another_region_has_slots_of_its_own(single: Builder, gate: Path) -> None:
    single.project(waiting(gate))
    in_build(single, single.start())
    single.cloud.here = "eu-west-1"

    in_build(single, single.start())

    gate.touch()


def test_a_build_may_be_stopped_while_it_waits(single: Builder, gate: Path) -> None:
    single.project(waiting(gate))
    first, second = single.start(), single.start()

    stopped = single.service.call("StopBuild", {"id": second})["build"]

    assert stopped["buildStatus"] == "STOPPED"
    assert phases(stopped)["QUEUED"] == "STOPPED"
    gate.touch()
    assert single.wait(first)["buildStatus"] == "SUCCEEDED"


def test_a_build_that_waits_too_long_is_taken_from_the_queue(tmp_path: Path, gate: Path) -> None:
    builder = Builder(tmp_path / "builds", slots=1)
    builder.project(waiting(gate), queuedTimeoutInMinutes=5)
    impatient = Builder(tmp_path / "builds", slots=1, shortest=0.2)
    impatient.project(waiting(gate))
    impatient.start()
    late = impatient.wait(impatient.start())

    assert late["buildStatus"] == "TIMED_OUT"


def test_more_builds_than_the_queue_holds_are_refused(single: Builder, gate: Path) -> None:
    single.project(waiting(gate))
    names = [single.start() for _ in range(6)]

    with pytest.raises(RequestError, match="Cannot have more than 5 builds in queue") as refused:
        single.start()

    assert refused.value.code == "AccountLimitExceededException"
    gate.touch()
    assert {single.wait(name)["buildStatus"] for name in names} == {"SUCCEEDED"}


def test_a_projects_own_limit_refuses_further_builds(builder: Builder, gate: Path) -> None:
    builder.project(waiting(gate), concurrentBuildLimit=1)
    name = builder.start()

    with pytest.raises(RequestError, match="more than 1 active builds for the project"):
        builder.start()

    gate.touch()
    builder.wait(name)
    assert builder.wait(builder.start())["buildStatus"] == "SUCCEEDED"


def test_a_running_build_outlives_its_project(builder: Builder, gate: Path) -> None:
    builder.project(waiting(gate))
    name = builder.start()
    in_build(builder, name)

    builder.service.call("DeleteProject", {"name": "one"})
    gate.touch()

    assert builder.wait(name)["buildStatus"] == "SUCCEEDED"
    with pytest.raises(RequestError, match="Project cannot be found: one"):
        builder.service.call("ListBuildsForProject", {"projectName": "one"})


def test_all_builds_end_when_the_emulator_does(builder: Builder, gate: Path) -> None:
    builder.project(waiting(gate))
    names = [builder.start() for _ in range(3)]
    for name in names:
        in_build(builder, name)

    builder.service.close()

    assert {builder.build(name)["buildStatus"] for name in names} == {"STOPPED"}
    assert not [each for each in threading.enumerate() if each.name.startswith("build one")]
