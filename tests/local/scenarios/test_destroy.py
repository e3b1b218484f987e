"""Destroying stacks: what stays, and what becomes of a build that runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from local.conftest import MakeProject
from local.inventory import inventory
from local.live import LocalAws, until
from local.project import Project, Result
from local.scenarios.models import publish, write_code

PLAIN, KEPT, MIDWAY = "destroy-plain", "destroy-kept", "destroy-midway"


def _project(aws: LocalAws, make_project: MakeProject, *stacks: str) -> Project:
    project = make_project("kept")
    write_code(project.folder, ".")
    models = {stack: stack.replace("-", "/", 1) for stack in stacks}
    for seed, model in enumerate(models.values()):
        publish(aws.hub, model, seed)
    project.write({"stacks": models, "kept": KEPT})
    return project


@dataclass(frozen=True)
class Destroyed:
    """What was there before anything was deployed, meanwhile, and after it was destroyed."""

    before: set[str]
    bucket: str
    staged: set[str]
    logged: str
    after: set[str]
    stacks: dict[str, str]


@pytest.fixture(scope="module")
def destroyed(aws: LocalAws, make_project: MakeProject) -> Destroyed:
    aws.let_hub()
    project = _project(aws, make_project, PLAIN, KEPT)
    before = inventory(aws)
    project.deploy().succeed()
    (bucket,) = aws.resources(KEPT, "AWS::S3::Bucket")
    staged = aws.keys(bucket)
    logged = f"/aws/sagemaker/Endpoints/{aws.endpoint(KEPT)}"
    project.destroy().succeed()
    return Destroyed(before, bucket, staged, logged, inventory(aws), aws.stacks())


@dataclass(frozen=True)
class Midway:
    """What was there after a stack was destroyed while its build ran."""

    before: set[str]
    destroyed: Result
    deployed: Result
    build: dict[str, Any]
    after: set[str]
    stacks: dict[str, str]


@pytest.fixture(scope="module")
def midway(aws: LocalAws, make_project: MakeProject) -> Iterator[Midway]:
    project = _project(aws, make_project, MIDWAY)
    before = inventory(aws)
    aws.let_hub({"match": "_signed/destroy/midway", "stall": True})
    with project.deploying() as running:
        until(lambda: any("_signed/destroy/midway" in each for each in aws.hub.requests))
        (build,) = aws.builds(MIDWAY)
        # The folder of the synthesized app is taken by the command that still deploys it.
        destroyed = project.run("destroy", "--all", "--force", "--output", "cdk.again")
        deployed = running.wait()
    (ended,) = aws.client("codebuild").batch_get_builds(ids=[build["id"]])["builds"]
    yield Midway(before, destroyed, deployed, ended, inventory(aws), aws.stacks())
    aws.let_hub()


def test_destroying_leaves_nothing_but_the_bucket_that_is_retained(destroyed: Destroyed) -> None:
    assert destroyed.after - destroyed.before == {f"list_buckets {destroyed.bucket}"}
    assert destroyed.before <= destroyed.after
    assert not {PLAIN, KEPT} & set(destroyed.stacks)


def test_the_weights_that_are_retained_are_all_there(aws: LocalAws, destroyed: Destroyed) -> None:
    assert any(key.endswith("/model.safetensors") for key in destroyed.staged)
    assert aws.keys(destroyed.bucket) == destroyed.staged
    assert aws.unfinished(destroyed.bucket) == set()


def test_the_log_stays_for_as_long_as_asked(aws: LocalAws, destroyed: Destroyed) -> None:
    found = aws.client("logs").describe_log_groups(logGroupNamePrefix=destroyed.logged)
    (group,) = found["logGroups"]
    assert group["retentionInDays"] == 30
    assert group["storedBytes"] > 0


def test_destroying_while_a_build_runs_ends_it(midway: Midway) -> None:
    assert midway.build["buildStatus"] == "STOPPED"


def test_destroying_while_a_build_runs_leaves_nothing(midway: Midway) -> None:
    midway.destroyed.succeed()
    assert midway.after == midway.before
    assert MIDWAY not in midway.stacks


def test_the_deployment_that_is_destroyed_meanwhile_ends_with_an_error(midway: Midway) -> None:
    midway.deployed.fail()
