"""What an endpoint answers, and whether a deployment fails for it."""

from __future__ import annotations

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from sagemaker_model.smoke_test.lambda_code.smoke_test_handler.index import failure_of
from smoke_test_function.world import COMPONENT, NAME, Script, World, question

MINUTE = 60
TIME_OUT = ReadTimeoutError(endpoint_url="https://runtime")
NO_WAY = EndpointConnectionError(endpoint_url="https://runtime")
SAGEMAKERS_OWN: list[Script] = [
    (400, "ValidationError"),
    (429, "ModelNotReadyException"),
    (400, "ThrottlingException"),
    (403, "AccessDeniedException"),
    (500, "InternalFailure"),
    (503, "ServiceUnavailable"),
    NO_WAY,
]


def test_an_answer_lets_the_deployment_go_on(world: World) -> None:
    assert failure_of(world.event(), world.aws) is None
    assert world.bodies == ["hello"]


@pytest.mark.parametrize(
    "expected",
    [{"pattern": "an+swer"}, {"pattern": "AN", "flags": 2}, {"condition": "answer[0] == `384`"}],
    ids=["text", "flags", "json"],
)
def test_an_answer_as_expected_does_too(world: World, expected: dict[str, object]) -> None:
    world.script = ['{"answer": [384]}']

    assert failure_of(world.event(test=expected), world.aws) is None


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ({"pattern": "other"}, "the pattern 'other'"),
        ({"condition": "answer == `1`"}, "that 'answer == `1`' is true"),
        ({"condition": "no expression ("}, "is true"),
    ],
    ids=["text", "json", "no expression"],
)
def test_another_answer_fails_the_deployment_after_three(
    world: World, expected: dict[str, object], told: str
) -> None:
    failure = failure_of(world.event(test=expected), world.aws)

    assert failure is not None
    assert told in failure
    assert len(world.asked) == 3
    assert world.time < MINUTE


def test_an_answer_that_is_no_json_meets_no_condition(world: World) -> None:
    assert failure_of(world.event(test={"condition": "answer"}), world.aws) is not None


def test_an_answer_by_chance_is_asked_again(world: World) -> None:
    world.script = ["Rome", "Paris"]

    assert failure_of(world.event(test={"pattern": "Paris"}), world.aws) is None


def test_a_container_that_refuses_fails_the_deployment_after_three(world: World) -> None:
    world.script = [400]

    failure = failure_of(world.event(), world.aws)

    assert failure is not None
    assert "refused (status 400): the container's 400" in failure
    assert len(world.asked) == 3


@pytest.mark.parametrize("script", [500, 424, 503, 429, 0, TIME_OUT], ids=str)
def test_a_container_that_fails_is_asked_until_patience_ends(world: World, script: Script) -> None:
    world.script = [script]

    assert failure_of(world.event(), world.aws) is not None
    assert 9 * MINUTE < world.time <= 10 * MINUTE


@pytest.mark.parametrize("script", [*SAGEMAKERS_OWN, 500, 503, 0, TIME_OUT], ids=str)
def test_what_passes_by_itself_fails_nothing(world: World, script: Script) -> None:
    world.script = [script, script, "an answer"]

    assert failure_of(world.event(), world.aws) is None


@pytest.mark.parametrize("script", SAGEMAKERS_OWN, ids=str)
def test_what_is_no_word_of_the_model_s_fails_a_test_that_was_asked_for(
    world: World, script: Script
) -> None:
    world.script = [script]

    assert "unreachable" in str(failure_of(world.event(), world.aws))


@pytest.mark.parametrize("script", SAGEMAKERS_OWN, ids=str)
def test_but_not_one_that_nobody_asked_for(world: World, script: Script) -> None:
    world.script = [script]

    assert failure_of(world.event(test={"tolerates": ["unreachable"]}), world.aws) is None
    assert world.time > 9 * MINUTE


def test_a_test_that_fails_by_itself_fails_nothing_that_nobody_asked_for(world: World) -> None:
    world.script = [MemoryError("told to")]

    assert failure_of(world.event(test={"tolerates": ["unreachable"]}), world.aws) is None
    assert "MemoryError: told to" in str(failure_of(world.event(), world.aws))


def test_a_refusal_that_is_tolerated_is_not_asked_again(world: World) -> None:
    world.script = [422]

    assert failure_of(world.event(test={"tolerates": ["422"]}), world.aws) is None
    assert len(world.asked) == 1


def test_of_several_requests_one_that_is_understood_suffices(world: World) -> None:
    world.script = [400, "an answer"]
    event = world.event()
    event["ResourceProperties"]["Test"] = question("chat", "prompt", "input")

    assert failure_of(event, world.aws) is None
    assert world.bodies == ["chat", "prompt"]


def test_a_container_that_fails_is_not_asked_something_else(world: World) -> None:
    world.script = [500]
    event = world.event()
    event["ResourceProperties"]["Test"] = question("prompt", "input", tolerates=["400"])

    assert failure_of(event, world.aws) is not None
    assert set(world.bodies) == {"prompt"}


def test_a_model_on_a_shared_endpoint_is_asked_by_its_component(world: World) -> None:
    event = world.event(test={"pattern": "other"})
    event["ResourceProperties"]["ComponentName"] = COMPONENT

    failure = str(failure_of(event, world.aws))

    asked = {each["headers"]["X-Amzn-SageMaker-Inference-Component"] for each in world.asked}
    assert asked == {COMPONENT}
    assert f"/aws/sagemaker/InferenceComponents/{COMPONENT};" in failure


def test_a_component_without_copies_is_woken(world: World) -> None:
    asleep = (400, "ValidationError", "Inference Component has no capacity to process this request")
    world.script = [asleep] * 20 + ["an answer"]

    assert failure_of(world.event(), world.aws) is None
    assert len(world.asked) == 21


def test_one_that_does_not_wake_fails_nothing(world: World) -> None:
    world.script = [(400, "ValidationError", "has no capacity to process this request")]

    assert failure_of(world.event(test={"tolerates": ["asleep"]}), world.aws) is None
    assert world.time > 9 * MINUTE


def test_a_failure_tells_all_that_is_needed(world: World) -> None:
    world.script = ["no " * 1000]

    failure = str(failure_of(world.event(test={"pattern": "yes"}), world.aws))

    for told in (f"endpoint {NAME} ", "no no", "asked hello", f"/aws/sagemaker/Endpoints/{NAME}"):
        assert told in failure
    assert "smoke_test=None" in failure
    assert len(failure) < 1500


def test_bytes_are_sent_as_they_are(world: World) -> None:
    event = world.event(
        test={"requests": [{"body": "/wA=", "base64": True, "content_type": "image/png"}]}
    )

    assert failure_of(event, world.aws) is None
    assert world.asked[0]["body"] == bytes([255, 0])
    assert world.asked[0]["headers"]["Content-Type"] == "image/png"


def test_the_answer_s_type_is_asked_for(world: World) -> None:
    request = {"body": "a", "content_type": "text/csv", "accept": "application/json"}

    assert failure_of(world.event(test={"requests": [request]}), world.aws) is None
    assert world.asked[0]["headers"]["Accept"] == "application/json"
