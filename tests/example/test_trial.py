"""An endpoint is asked with an example, and what came is judged."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from runtime.conftest import aws as aws  # noqa: PLC0414 - a fixture, for the tests here too
from runtime.fake_aws import ENDPOINT, FakeAws, Fault, Reply
from sagemaker_model.example.example import Example
from sagemaker_model.example.trial import Trial, ask, ask_patiently, ask_until_understood
from sagemaker_model.runtime import AccessDeniedError, ContainerEndpoint, EndpointError
from sagemaker_model.runtime.raw_endpoint import RawEndpoint


def tried(**expected: Any) -> Trial:
    return ask(RawEndpoint(ENDPOINT), Example("it", b"{}", **expected))


def test_what_is_answered_as_expected_passes(aws: FakeAws) -> None:
    aws.say({"vectors": [[0.12345, 1], [0.6, 2]], "model": "minilm"})

    trial = tried(
        answer=[0.1234, 0.6], part="vectors[*][0]", expect="minilm", expect_json="model == 'minilm'"
    )

    assert trial.problems == ()
    assert trial.passed
    assert trial.seconds > 0


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ({"answer": {"score": 0.6}}, "answer.score: expected 0.6, got 0.5"),
        ({"answer": 0.6, "part": "score"}, "answer: expected 0.6, got 0.5"),
        (
            {"expect": "POSITIVE"},
            "expected the text 'POSITIVE' in the answer, got {\"score\": 0.5}",
        ),
        (
            {"expect_json": "score > `0.7`"},
            'score > `0.7` is not true of the answer {"score": 0.5}',
        ),
        ({"status": 400}, 'expected the status 400, got the answer {"score": 0.5}'),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_what_is_answered_otherwise_fails(
    expected: dict[str, Any], told: str, aws: FakeAws
) -> None:
    aws.say({"score": 0.5})

    assert tried(**expected).problems == (told,)


def test_an_answer_that_is_no_json_is_compared_as_text(aws: FakeAws) -> None:
    aws.answer = lambda _body: Reply([b"a,b"], content_type="text/csv")

    assert tried(answer="a,b").passed
    assert tried(answer="a").problems == ("answer: expected 'a', got 'a,b'",)
    assert not tried(expect_json="@").passed


def test_of_many_differences_the_first_are_told(aws: FakeAws) -> None:
    aws.say([1] * 8)

    problems = tried(answer=[0] * 8).problems

    assert problems[0] == "answer[0]: expected 0, got 1"
    assert problems[5:] == ("and 3 more",)


def test_an_error_that_is_expected_passes(aws: FakeAws) -> None:
    aws.say({"error": "missing field `inputs`"}, status=422)

    assert tried(status=422, expect="missing field").passed
    assert tried(status=422, expect="no such").problems == (
        "expected the text 'no such' in the error, got 'missing field `inputs`'",
    )
    assert tried(status=400).problems == (
        "expected the status 400, got an error: the model's server refuses the request (422): "
        "missing field `inputs`",
    )
    assert tried().problems[0].startswith("expected an answer, got an error: ")


def test_what_aws_says_is_no_answer_of_the_container(aws: FakeAws) -> None:
    aws.answer = lambda _body: Fault(400, "ThrottlingException", "Rate exceeded")

    assert not tried(status=400).passed


def test_who_may_not_ask_tests_nothing(aws: FakeAws) -> None:
    aws.answer = lambda _body: Fault(403, "AccessDeniedException", "no")

    with pytest.raises(AccessDeniedError):
        tried(status=403)


def test_what_does_not_listen_is_not_asked_again() -> None:
    with pytest.raises(EndpointError, match="can't be reached"):
        ask(ContainerEndpoint("http://127.0.0.1:9", engine="tei"), Example("it", b"{}"))


def test_it_is_asked_until_the_container_understands(aws: FakeAws) -> None:
    def answer(body: Any) -> Reply:
        known = "messages" in body
        return Reply([b"{}"], status=200 if known else 422)

    aws.answer = answer
    bodies: tuple[dict[str, Any], ...] = ({"inputs": 1}, {"messages": []}, {"input": 1})
    examples = [Example("known", json.dumps(each).encode()) for each in bodies]

    assert ask_until_understood(RawEndpoint(ENDPOINT), examples, 0).passed
    assert [each.body for each in aws.asked] == [*bodies[:2]]
    assert not ask_until_understood(RawEndpoint(ENDPOINT), examples[:1], 0).passed


def test_a_model_that_is_loading_is_waited_for(aws: FakeAws) -> None:
    statuses = iter([503, 200])
    aws.answer = lambda _body: Reply([b"{}"], status=next(statuses))

    trial = ask_patiently(RawEndpoint(ENDPOINT), Example("it", b"{}"), time.monotonic() + 30)

    assert trial.passed


@pytest.mark.parametrize("status", [503, 400], ids=["too late", "a refusal"])
def test_what_time_does_not_mend_is_asked_once(status: int, aws: FakeAws) -> None:
    aws.say({"message": "no"}, status=status)
    until = 0 if status == 503 else time.monotonic() + 30

    assert not ask_patiently(RawEndpoint(ENDPOINT), Example("it", b"{}"), until).passed
    assert len(aws.asked) == 1


def test_a_status_that_is_expected_is_not_waited_away(aws: FakeAws) -> None:
    aws.say({"message": "busy"}, status=503)
    example = Example("it", b"{}", status=503)

    assert ask_patiently(RawEndpoint(ENDPOINT), example, time.monotonic() + 30).passed
    assert len(aws.asked) == 1
