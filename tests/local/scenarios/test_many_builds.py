"""More models than builds may run at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from local.conftest import MakeProject
from local.live import LocalAws, local_aws
from local.project import Project, bootstrap
from sagemaker_model.local.environment.parts import Prepared
from sagemaker_model.local.hub.samples import make_samples
from sagemaker_model.local.hub.server import Hub

STACKS = {"search": 5, "ranking": 5}


@pytest.fixture(scope="module")
def narrow(
    local_hub: Hub, prepared: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LocalAws]:
    """A local AWS in which one build runs at a time."""
    make_samples(local_hub.repositories.root)
    state = tmp_path_factory.mktemp("narrow")
    with local_aws(state, local_hub, prepared, build_slots=1) as made:
        bootstrap(made, state)
        made.let_hub()
        yield made


@pytest.fixture(scope="module")
def project(narrow: LocalAws, make_project: MakeProject) -> Project:
    """Ten models, deployed at once; the local CloudFormation makes those of one stack in turn."""
    made = make_project("staged", narrow)
    made.write({"stacks": STACKS})
    made.deploy().succeed()
    return made


@pytest.mark.usefixtures("project")
def test_ten_models_wait_for_the_one_build_that_may_run_and_are_all_served(
    narrow: LocalAws,
) -> None:
    endpoints = narrow.client("sagemaker").list_endpoints(MaxResults=100)["Endpoints"]
    queued = {each["id"]: phase(each, "QUEUED") for each in narrow.builds()}
    builds = sorted(narrow.builds(), key=lambda each: queued[each["id"]]["endTime"])

    assert [each["EndpointStatus"] for each in endpoints] == ["InService"] * 10
    assert [each["buildStatus"] for each in builds] == ["SUCCEEDED"] * 10
    for earlier, later in pairwise(builds):
        assert queued[later["id"]]["endTime"] >= phase(earlier, "FINALIZING")["startTime"]
    waits = [each["endTime"] - each["startTime"] for each in queued.values()]
    assert max(waits) > timedelta(seconds=1)


@pytest.mark.usefixtures("project")
def test_weights_that_ten_models_share_leave_the_hub_once(narrow: LocalAws) -> None:
    fetched = [each for each in narrow.hub.requests if each.startswith("GET /_signed/")]

    assert [each for each in fetched if "model.safetensors" in each] == fetched
    assert len(fetched) == 1


def phase(build: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = (each for each in build["phases"] if each["phaseType"] == name)
    return dict(found)
