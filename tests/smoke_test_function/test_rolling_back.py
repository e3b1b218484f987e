"""What is being rolled back or deleted never fails for a test."""

from __future__ import annotations

import pytest

from sagemaker_model.smoke_test.lambda_code.smoke_test_handler.index import failure_of
from smoke_test_function.world import World

ROLLS_BACK = ["UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED"]


@pytest.mark.parametrize("status", ROLLS_BACK)
def test_an_old_model_that_fails_too_is_no_failure(world: World, status: str) -> None:
    world.script, world.stack.status = [400], status

    assert failure_of(world.event("Update"), world.aws) is None


def test_nor_where_cloudformation_does_not_tell(world: World) -> None:
    world.script = [400]
    event = world.event("Update")
    event["StackId"] = "arn:aws:cloudformation:us-east-1:123456789012:stack/Other/1"

    assert failure_of(event, world.aws) is None


def test_an_update_fails(world: World) -> None:
    world.script, world.stack.status = [400], "UPDATE_IN_PROGRESS"

    assert failure_of(world.event("Update"), world.aws) is not None


def test_a_creation_fails_without_asking_cloudformation(world: World) -> None:
    world.script = [400]
    event = world.event("Create")
    event["StackId"] = "arn:aws:cloudformation:us-east-1:123456789012:stack/Other/1"

    assert failure_of(event, world.aws) is not None


def test_a_deletion_asks_nothing(world: World) -> None:
    world.script = [400]

    assert failure_of(world.event("Delete"), world.aws) is None
    assert world.asked == []
