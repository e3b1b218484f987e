"""What is said of deployments that no lock file holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.subjects import deployed
from model_lock.locks import COMMIT, LOCK, QWEN
from sagemaker_model.checks.lock_rules import LOCK_RULES
from sagemaker_model.checks.rule import check_all
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.deployment.deployment import StagedFacts
from sagemaker_model.model_lock.lock import ModelLock
from sagemaker_model.model_lock.needs import LockNeeds
from sagemaker_model.weights.hub_model import HubModel

IMAGE = "huggingface-vllm/gpu"


def needing(*images: str, revision: str | None = COMMIT) -> Deployed:
    needs = LockNeeds(models=(HubModel(QWEN.id, revision),), images=images)
    return replace(deployed(), needs=needs)


def found(subject: Deployed) -> list[str]:
    """Return what the rule "not-locked" shows."""
    return [finding.got for finding in check_all(LOCK_RULES, subject)]


@pytest.mark.parametrize("revision", ["main", "v1.0", COMMIT[:7], COMMIT.upper()])
def test_a_revision_that_is_no_commit_may_move(revision: str) -> None:
    assert found(needing(revision=revision)) == [f"{QWEN.id}@{revision}"]


def test_the_default_branch_may_move() -> None:
    assert found(needing(revision=None)) == [QWEN.id]


def test_a_commit_and_an_image_with_a_version_need_no_lock() -> None:
    assert found(needing()) == []


def test_model_and_image_are_told_in_one_warning() -> None:
    assert found(needing(IMAGE, revision=None)) == [f"{QWEN.id}, {IMAGE}"]


def test_weights_that_another_construct_stages_from_a_branch_may_move() -> None:
    subject = replace(needing(), needs=LockNeeds())
    staged = StagedFacts(default_store=False, unpinned=("org/name@main",))

    shared = replace(subject, container=replace(subject.container, staged=staged))

    assert found(shared) == ["org/name@main"]
    assert found(replace(shared, lock=LOCK)) == ["nothing of org/name@main"]


def test_what_is_locked_does_not_move() -> None:
    assert found(replace(needing(IMAGE, revision=None), lock=LOCK)) == []


def test_what_a_lock_file_lacks_is_told() -> None:
    subject = replace(needing(IMAGE, "sglang/gpu"), lock=LOCK)

    assert found(subject) == ["nothing of sglang/gpu"]
    assert found(replace(subject, lock=ModelLock())) == [
        f"nothing of {QWEN.id}@{COMMIT}, {IMAGE}, sglang/gpu"
    ]
