"""Endpoints are asked after their deployment, and those that are silent are rolled back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from local.conftest import MakeProject
from local.faults import FOREVER, letting
from local.live import LocalAws
from sagemaker_model.local.hub import samples
from sagemaker_model.local.serving.protocols import TEXT

WRONG, BOTH, NEW, REAL = "proved-wrong", "proved-both", "proved-new", "proved-real"
MINILM = "sentence-transformers/all-MiniLM-L6-v2"
NOT_TOLD = "the capital of France"


@dataclass(frozen=True)
class Story:
    """What was there before and after the deployments that fail."""

    aws: LocalAws
    asked: int
    before: dict[str, str]
    after: dict[str, str]
    served: dict[str, Any]


@pytest.fixture(scope="module")
def story(aws: LocalAws, make_project: MakeProject) -> Story:
    aws.let_hub()
    samples.make_samples(aws.hub.repositories.root)
    project = make_project("proved")
    project.write({"stacks": {WRONG: (TEXT, "old"), BOTH: (TEXT, "old")}, "real": MINILM})
    told = {"action": "sagemaker:InvokeEndpoint", "times": FOREVER}
    with letting(aws, {**told, "containing": REAL}) as faults:
        project.deploy().succeed()
        (asked,) = faults.met()
    before = aws.stacks()
    models = {WRONG: (NOT_TOLD, "new"), BOTH: (TEXT, "new"), NEW: (NOT_TOLD, "new")}
    project.write({"stacks": models})
    silent = {"choices": [{"text": "an error"}]}
    with letting(aws, {**told, "containing": BOTH, "answer": silent, "status": 200}) as faults:
        project.deploy().fail()
        # Three times by the new deployment, and three times while it is rolled back.
        assert faults.met() == [6]
    return Story(aws, asked, before, aws.stacks(), aws.served(WRONG))


@pytest.mark.parametrize("stack", [WRONG, BOTH, REAL])
def test_an_endpoint_that_answers_as_expected_is_deployed(story: Story, stack: str) -> None:
    assert story.before[stack] == "CREATE_COMPLETE"


def test_by_default_a_model_is_asked_what_it_really_answers(story: Story) -> None:
    # Its server says 400 to what it does not understand, which would be asked again.
    assert story.asked == 1


@pytest.mark.parametrize("stack", [WRONG, BOTH])
def test_an_update_that_answers_otherwise_is_rolled_back(story: Story, stack: str) -> None:
    assert story.after[stack] == "UPDATE_ROLLBACK_COMPLETE"


def test_the_endpoint_serves_the_old_model_again(story: Story) -> None:
    assert story.served["Environment"]["WORD"] == "old"


def test_a_creation_that_answers_otherwise_is_rolled_back(story: Story) -> None:
    assert story.after[NEW] == "ROLLBACK_COMPLETE"


@pytest.mark.parametrize("stack", [WRONG, NEW])
def test_the_stack_tells_what_was_answered(story: Story, stack: str) -> None:
    told = story.aws.failures(stack)
    assert f"endpoint {stack} is in service, but does not answer as expected: wrong" in told
    assert TEXT in told
    assert f"/aws/sagemaker/Endpoints/{stack}" in told
