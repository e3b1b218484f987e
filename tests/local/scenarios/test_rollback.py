"""Deployments that fail: the stack returns to what was, and the endpoint never stops answering."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import pytest

from local.caller import Caller, callers
from local.conftest import MakeProject
from local.live import ROOT, LocalAws, until
from local.project import Project, Result, Running
from local.scenarios.models import entry, publish, weight_requests, write_code

HUB_DOWN, GATED, CORRUPT = "rollback-hub-down", "rollback-gated", "rollback-corrupt"
KILLED, CODE, FIRST = "rollback-killed", "rollback-code", "rollback-first"
BUILD_FAILS = (HUB_DOWN, GATED, CORRUPT, KILLED)
FAILS = (*BUILD_FAILS, CODE)
NEVER_REACHED = "rollback/hub-down-anew"
FIRST_ENDPOINT = "Rollback-First"


@dataclass
class Story:
    """Stacks whose updates fail, each in its own way, and one whose creation does.

    Args:
        aws: The local AWS.
        project: The app.
        models: What the context tells, by stack.
    """

    aws: LocalAws
    project: Project
    models: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def bucket(self) -> str:
        (found,) = self.aws.resources("model-weights", "AWS::S3::Bucket")
        return found

    def deploy(self) -> Result:
        with self.deploying() as running:
            return running.wait()

    def deploying(self) -> AbstractContextManager[Running]:
        self.project.write({"models": list(self.models.values())})
        return self.project.deploying()

    def finished(self, stack: str) -> set[str]:
        """Return a stack's objects that would stay."""
        prefix = f"{stack}/"
        return self.aws.keys(self.bucket, prefix) - self.aws.unfinished(self.bucket, prefix)


@dataclass(frozen=True)
class Before:
    """What was there before the deployments that fail."""

    result: Result
    stacks: dict[str, str]
    answers: dict[str, Any]
    finished: dict[str, set[str]]
    log: dict[str, str]


@dataclass(frozen=True)
class After:
    """What was there after them, and what clients met meanwhile."""

    result: Result
    stacks: dict[str, str]
    clients: dict[str, Caller]
    requests: list[str]


@pytest.fixture(scope="module")
def story(aws: LocalAws, make_project: MakeProject) -> Story:
    aws.let_hub()
    made = Story(aws, make_project(ROOT / "app.py"))
    for seed, stack in enumerate((*FAILS, FIRST)):
        model = stack.replace("-", "/", 1)
        commit, _ = publish(aws.hub, model, seed)
        code = write_code(made.project.folder, stack, broken=stack == FIRST)
        revision = "main" if stack == HUB_DOWN else commit
        made.models[stack] = entry(stack, model, code, revision=revision)
    # Both creations of this stack are of one name, and so of one log group.
    made.models[FIRST]["endpoint_name"] = FIRST_ENDPOINT
    return made


@pytest.fixture(scope="module")
def before(story: Story) -> Before:
    result = story.deploy().fail()
    return Before(
        result,
        story.aws.stacks(),
        {stack: story.aws.ask(stack) for stack in FAILS},
        {stack: story.finished(stack) for stack in FAILS},
        story.aws.log(FIRST_ENDPOINT),
    )


@pytest.fixture(scope="module")
def after(story: Story, before: Before) -> After:
    assert before.stacks
    publish(story.aws.hub, NEVER_REACHED, 99)
    story.models[HUB_DOWN]["model_id"] = NEVER_REACHED
    for seed, stack in enumerate((GATED, CORRUPT, KILLED)):
        model = story.models[stack]
        model["revision"], _ = publish(story.aws.hub, model["model_id"], 100 + seed)
    write_code(story.project.folder, CODE, "two", broken=True)
    write_code(story.project.folder, FIRST, "two")
    story.aws.let_hub(
        {"match": "rollback/(hub-down|code)", "reset": True},
        {"match": "_signed/rollback/corrupt/model.safetensors", "corrupt": 1000},
        {"match": "_signed/rollback/killed/model.safetensors", "stall": True},
        gated={"rollback/gated": "hf_of_somebody_else"},
    )
    with callers(story.aws, *FAILS) as clients, story.deploying() as running:
        _stop_build(story)
        result = running.wait()
    return After(result.fail(), story.aws.stacks(), clients, list(story.aws.hub.requests))


def _stop_build(story: Story) -> None:
    """Stop a build while it waits for the Hub, as a person does in the console."""
    until(lambda: any("_signed/rollback/killed" in each for each in story.aws.hub.requests))
    build = story.aws.builds(KILLED)[-1]["id"]
    story.aws.client("codebuild").stop_build(id=build)


def test_a_failed_creation_leaves_the_other_stacks_alone(before: Before) -> None:
    assert {before.stacks[stack] for stack in FAILS} == {"CREATE_COMPLETE"}
    assert before.stacks[FIRST] == "ROLLBACK_COMPLETE"


def test_the_log_of_a_failed_creation_outlives_its_rollback(before: Before) -> None:
    assert before.stacks[FIRST] == "ROLLBACK_COMPLETE"
    assert "no such layer" in "".join(before.log.values())


def test_the_next_creation_of_that_name_keeps_the_log_and_adds_to_it(
    story: Story, before: Before, after: After
) -> None:
    assert after.stacks[FIRST] == "CREATE_COMPLETE"
    log = story.aws.log(FIRST_ENDPOINT)
    assert before.log.items() <= log.items()
    assert len(log) > len(before.log)


@pytest.mark.parametrize("stack", FAILS)
def test_the_stack_returns_to_what_was(after: After, stack: str) -> None:
    assert after.stacks[stack] == "UPDATE_ROLLBACK_COMPLETE"


@pytest.mark.parametrize("stack", FAILS)
def test_the_endpoint_never_stops_serving_the_old(before: Before, after: After, stack: str) -> None:
    client = after.clients[stack]
    assert client.failures == []
    assert len(client.answers) > 5
    assert all(answer == before.answers[stack] for answer in client.answers)


@pytest.mark.parametrize("stack", FAILS)
def test_the_endpoint_still_answers_afterwards(
    story: Story, before: Before, after: After, stack: str
) -> None:
    assert after.stacks[stack]
    assert story.aws.ask(stack) == before.answers[stack]


@pytest.mark.parametrize("stack", FAILS)
def test_nothing_that_looks_finished_stays_in_s3(
    story: Story, before: Before, after: After, stack: str
) -> None:
    assert after.stacks[stack]
    assert before.finished[stack]
    assert story.finished(stack) == before.finished[stack]


@pytest.mark.parametrize(
    ("stack", "told"),
    [
        (HUB_DOWN, f"{NEVER_REACHED}@main: no answer"),
        (GATED, "gated"),
        (CORRUPT, "model.safetensors"),
        (KILLED, "STOPPED"),
        (CODE, "did not pass the ping health check"),
    ],
)
def test_the_reason_is_told(story: Story, after: After, stack: str, told: str) -> None:
    assert told in story.aws.failures(stack)
    assert after.result.output


def test_the_hub_is_not_asked_while_code_changes_and_rolls_back(after: After) -> None:
    assert [each for each in after.requests if "rollback/code" in each] == []


def test_after_a_failed_creation_deploying_again_serves(story: Story, after: After) -> None:
    assert after.stacks[FIRST] == "CREATE_COMPLETE"
    assert story.aws.ask(FIRST)["code"] == "two"


def test_after_a_failed_creation_no_weight_byte_leaves_the_hub_again(
    story: Story, after: After
) -> None:
    assert after.stacks[FIRST] == "CREATE_COMPLETE"
    assert weight_requests(story.aws.hub, "rollback/first") == []


def test_after_a_failed_creation_only_what_is_served_stays(story: Story, after: After) -> None:
    assert after.stacks[FIRST] == "CREATE_COMPLETE"
    served = story.aws.served(FIRST)["ModelDataSource"]["S3DataSource"]["S3Uri"]
    prefix = served.removeprefix(f"s3://{story.bucket}/")
    finished = story.finished(FIRST)
    assert f"{prefix}model.safetensors" in finished
    assert {key for key in finished if not key.startswith(prefix.rstrip("/"))} == set()
