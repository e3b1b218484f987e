"""What a smoke test may say, and what the function is told of it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from aws_cdk import CfnParameter, Duration, Stack

from sagemaker_model import SmokeTest
from sagemaker_model.smoke_test.known_requests import Known

KNOWN = Known(({"inputs": "a"}, {"messages": []}), tolerated=("refused",))


def told(test: SmokeTest, *, optional: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(test.question(KNOWN, 600, optional=optional))
    return found


@pytest.mark.parametrize(
    ("payload", "request_"),
    [
        ({"inputs": "ä"}, {"body": '{"inputs": "ä"}', "content_type": "application/json"}),
        ("a,b", {"body": "a,b", "content_type": "application/json"}),
        (
            bytes([255]),
            {"body": "/w==", "base64": True, "content_type": "application/octet-stream"},
        ),
    ],
    ids=["json", "text", "bytes"],
)
def test_a_payload_is_sent_as_it_is(payload: object, request_: dict[str, object]) -> None:
    assert told(SmokeTest(payload))["requests"] == [request_]


def test_types_are_told() -> None:
    (request,) = told(SmokeTest("a,b", content_type="text/csv", accept="text/csv"))["requests"]

    assert (request["content_type"], request["accept"]) == ("text/csv", "text/csv")


def test_without_a_payload_what_is_known_is_asked() -> None:
    bodies = [request["body"] for request in told(SmokeTest())["requests"]]

    assert bodies == ['{"inputs": "a"}', '{"messages": []}']


def test_text_is_expected_as_it_is_and_a_pattern_as_one() -> None:
    assert re.fullmatch(told(SmokeTest({}, expect="a.b"))["pattern"], "a.b")
    assert not re.fullmatch(told(SmokeTest({}, expect="a.b"))["pattern"], "a-b")
    pattern = told(SmokeTest({}, expect=re.compile("a.b", re.IGNORECASE)))
    assert re.fullmatch(pattern["pattern"], "A-B", pattern["flags"])


def test_the_users_patience_wins_over_the_hostings() -> None:
    assert told(SmokeTest({}))["patience"] == 600
    assert told(SmokeTest({}, patience=Duration.minutes(2)))["patience"] == 120


def test_a_test_that_was_asked_for_tolerates_only_an_endpoint_without_instances() -> None:
    assert told(SmokeTest({}))["tolerates"] == ["asleep"]
    assert told(SmokeTest(expect="a"))["tolerates"] == ["asleep"]


def test_a_request_that_an_engine_does_not_understand_is_no_proof_against_it() -> None:
    assert told(SmokeTest())["tolerates"] == ["asleep", "refused"]


def test_a_test_that_nobody_asked_for_fails_by_the_models_own_silence_alone() -> None:
    assert told(SmokeTest(), optional=True)["tolerates"] == ["asleep", "unreachable", "refused"]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"payload": {1, 2}}, TypeError, "payload must be text, bytes or what JSON can hold"),
        ({"payload": float("nan")}, ValueError, "payload must be text, bytes or what JSON"),
        ({"payload": "a" * 70_000}, ValueError, "payload must be at most 65536 bytes"),
        ({"expect": 3}, TypeError, "expect must be text or a regular expression on text"),
        ({"expect": re.compile(b"a")}, TypeError, "expect must be text or a regular expression"),
        ({"expect_json": "a ("}, ValueError, "expect_json must be a JMESPath expression"),
        ({"patience": Duration.hours(1)}, ValueError, "patience must be between"),
        ({"patience": Duration.seconds(1)}, ValueError, "patience must be between 10 seconds"),
    ],
    ids=["set", "nan", "large", "number", "bytes pattern", "expression", "long", "short"],
)
def test_what_can_not_be_right_is_refused(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=re.escape(message)):
        SmokeTest(**arguments)


def test_what_must_be_known_at_synth_is_no_token(stack: Stack) -> None:
    text = CfnParameter(stack, "Text").value_as_string
    number = CfnParameter(stack, "Number", type="Number").value_as_number

    with pytest.raises(ValueError, match="expect must be known at synth"):
        SmokeTest({}, expect=text)
    with pytest.raises(ValueError, match="patience must be known at synth"):
        SmokeTest({}, patience=Duration.seconds(number))
