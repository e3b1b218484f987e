"""Creating endpoints, deploying them again, and each kind of update while clients call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from local.caller import Caller, callers
from local.conftest import MakeProject
from local.live import ROOT, LocalAws
from local.project import Project, Result
from local.scenarios.models import entry, publish, weight_requests, write_code

KINDS = ("env", "revision", "code", "type", "image", "models")
STACKS = tuple(f"update-{kind}" for kind in KINDS)
IMAGE = "HF_PYTORCH_INFERENCE_CPU_LATEST"


@dataclass
class Story:
    """Stacks that each see one kind of update.

    Args:
        aws: The local AWS.
        project: The app.
        first, second, other: Commit and digest of the weights of a model's two revisions, and of
            another model.
        models: What the context tells, by stack.
    """

    aws: LocalAws
    project: Project
    first: tuple[str, str]
    second: tuple[str, str]
    other: tuple[str, str]
    models: dict[str, dict[str, Any]] = field(default_factory=dict)

    def deploy(self) -> Result:
        self.project.write({"models": list(self.models.values())})
        return self.project.deploy()

    def answers(self) -> dict[str, Any]:
        return {stack: self.aws.ask(stack) for stack in STACKS}

    def builds(self) -> dict[str, int]:
        return {stack: len(self.aws.builds(stack)) for stack in STACKS}


@dataclass(frozen=True)
class Stage:
    """What was there after a deployment."""

    result: Result
    answers: dict[str, Any]
    builds: dict[str, int]
    stacks: dict[str, str]
    events: dict[str, int]


def _stage(story: Story) -> Stage:
    result = story.deploy().succeed()
    events = {stack: len(story.aws.events(stack)) for stack in STACKS}
    return Stage(result, story.answers(), story.builds(), story.aws.stacks(), events)


@pytest.fixture(scope="module")
def story(aws: LocalAws, make_project: MakeProject) -> Story:
    project = make_project(ROOT / "app.py")
    first, second = (publish(aws.hub, "update/words", seed) for seed in (1, 2))
    other = publish(aws.hub, "update/other", 3)
    made = Story(aws, project, first, second, other)
    for stack in STACKS:
        code = write_code(project.folder, stack)
        made.models[stack] = entry(stack, "update/words", code, revision=first[0])
    return made


@pytest.fixture(scope="module")
def created(story: Story) -> Stage:
    return _stage(story)


@pytest.fixture(scope="module")
def redeployed(story: Story, created: Stage) -> Stage:
    assert created.stacks
    return _stage(story)


@dataclass(frozen=True)
class Updated:
    """What was there after the update, and what clients met meanwhile."""

    stage: Stage
    clients: dict[str, Caller]


@pytest.fixture(scope="module")
def updated(story: Story, redeployed: Stage) -> Updated:
    assert redeployed.stacks
    models = story.models
    models["update-env"]["env"] = {"WORD": "new"}
    models["update-revision"]["revision"] = story.second[0]
    write_code(story.project.folder, "update-code", "two")
    models["update-type"]["instance_type"] = "ml.m5.2xlarge"
    models["update-image"]["container"] = IMAGE
    models["update-models"]["model_id"] = ["update/words", "update/other"]
    models["update-models"]["revision"] = {
        "update/words": story.first[0],
        "update/other": story.other[0],
    }
    story.aws.let_hub()
    with callers(story.aws, *STACKS) as clients:
        stage = _stage(story)
    return Updated(stage, clients)


def test_each_endpoint_serves_the_pinned_weights_with_the_users_code(
    story: Story, created: Stage
) -> None:
    told = {"code": "one", "word": None, "weights": [story.first[1]]}
    assert created.answers == dict.fromkeys(STACKS, told)


def test_each_model_is_staged_by_one_build(created: Stage) -> None:
    assert created.builds == dict.fromkeys(STACKS, 1)


def test_deploying_again_changes_nothing(created: Stage, redeployed: Stage) -> None:
    assert redeployed.result.output.count("(no changes)") == len(STACKS) + 1
    assert redeployed.events == created.events


def test_deploying_again_builds_nothing(created: Stage, redeployed: Stage) -> None:
    assert redeployed.builds == created.builds


@pytest.mark.parametrize("stack", STACKS)
def test_no_request_fails_during_an_update(updated: Updated, stack: str) -> None:
    client = updated.clients[stack]
    assert client.failures == []
    assert len(client.answers) > 5


@pytest.mark.parametrize("stack", ["update-env", "update-revision", "update-code", "update-models"])
def test_clients_see_the_old_until_they_see_the_new(
    redeployed: Stage, updated: Updated, stack: str
) -> None:
    old, new = redeployed.answers[stack], updated.stage.answers[stack]
    seen = updated.clients[stack].answers
    assert old != new
    assert seen == [old] * seen.count(old) + [new] * seen.count(new)
    assert old in seen
    assert new in seen


def test_after_a_new_variable_the_endpoint_has_it(updated: Updated) -> None:
    assert updated.stage.answers["update-env"]["word"] == "new"


def test_after_a_new_revision_the_endpoint_serves_its_weights(
    story: Story, updated: Updated
) -> None:
    assert updated.stage.answers["update-revision"]["weights"] == [story.second[1]]


def test_after_a_change_of_code_the_endpoint_runs_it(updated: Updated) -> None:
    assert updated.stage.answers["update-code"]["code"] == "two"


def test_after_another_instance_type_the_endpoint_has_it(story: Story, updated: Updated) -> None:
    assert updated.stage.stacks["update-type"] == "UPDATE_COMPLETE"
    assert story.aws.served("update-type")["InstanceType"] == "ml.m5.2xlarge"


def test_after_another_image_the_endpoint_has_it(story: Story, updated: Updated) -> None:
    assert updated.stage.stacks["update-image"] == "UPDATE_COMPLETE"
    before = story.aws.served("update-env")["Image"]
    assert story.aws.served("update-image")["Image"] != before


def test_after_one_more_model_the_endpoint_serves_both(story: Story, updated: Updated) -> None:
    weights = updated.stage.answers["update-models"]["weights"]
    assert sorted(weights) == sorted([story.first[1], story.other[1]])


def test_only_what_is_staged_anew_is_built(created: Stage, updated: Updated) -> None:
    staged = {"update-revision", "update-code", "update-models"}
    more = {stack: updated.stage.builds[stack] - created.builds[stack] for stack in STACKS}
    assert more == {stack: int(stack in staged) for stack in STACKS}


def test_a_change_of_code_moves_no_byte_of_weights_from_the_hub(
    story: Story, updated: Updated
) -> None:
    assert updated.stage.builds["update-code"] == 2
    assert weight_requests(story.aws.hub, story.first[0]) == []


def test_an_update_leaves_only_what_is_served(story: Story, updated: Updated) -> None:
    (bucket,) = story.aws.resources("model-weights", "AWS::S3::Bucket")
    assert updated.stage.stacks["update-code"] == "UPDATE_COMPLETE"
    for stack in STACKS:
        served = story.aws.served(stack)["ModelDataSource"]["S3DataSource"]["S3Uri"]
        prefix = served.removeprefix(f"s3://{bucket}/")
        keys = story.aws.keys(bucket, f"{stack}/")
        # Beside the prefix lie its plan and its manifest.
        assert {key for key in keys if not key.startswith(prefix.rstrip("/"))} == set()
