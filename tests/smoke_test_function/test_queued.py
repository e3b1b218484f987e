"""Endpoints whose requests and answers lie in S3."""

from __future__ import annotations

from typing import Any

from sagemaker_model.smoke_test.lambda_code.smoke_test_handler.index import failure_of
from smoke_test_function.world import BUCKET, World


def queued(world: World, **test: Any) -> dict[str, Any]:
    event = world.event(test=test)
    event["ResourceProperties"]["InputFolder"] = f"s3://{BUCKET}/input"
    return event


def test_the_answer_is_waited_for_in_s3(world: World) -> None:
    assert failure_of(queued(world, pattern="an answer"), world.aws) is None
    (key,) = [key for key in world.objects if key.startswith("input/smoke-test/")]
    assert world.objects[key] == b"hello"


def test_another_answer_fails_the_deployment(world: World) -> None:
    assert "wrong" in str(failure_of(queued(world, pattern="other"), world.aws))


def test_a_failure_in_s3_fails_the_deployment_in_its_words(world: World) -> None:
    world.async_answer = "failed", "Received client error (400) from primary: no such input"

    failure = str(failure_of(queued(world), world.aws))

    assert "refused (status 400): Received client error" in failure
    assert "no such input" in failure


def test_a_failure_that_tells_no_status_may_be_of_the_request(world: World) -> None:
    world.async_answer = "failed", "give 'inputs'"

    assert failure_of(queued(world, tolerates=["refused"]), world.aws) is None
    assert "refused: give 'inputs'" in str(failure_of(queued(world), world.aws))


def test_a_failure_that_is_tolerated_fails_nothing(world: World) -> None:
    world.async_answer = "failed", "Received client error (422) from primary"

    assert failure_of(queued(world, tolerates=["422"]), world.aws) is None


def test_an_endpoint_that_never_answers_fails_the_deployment(world: World) -> None:
    world.async_answer = None

    assert "neither an answer nor a failure" in str(failure_of(queued(world), world.aws))
    assert 590 < world.time < 660


def test_an_endpoint_that_no_instance_has_come_to_fails_nothing(world: World) -> None:
    world.async_answer, world.instances = None, 0

    assert failure_of(queued(world, tolerates=["asleep"]), world.aws) is None
