"""What goes wrong at an endpoint is told in its engine's words, by a type for programs."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from runtime.conftest import MakeEndpoint
from runtime.fake_aws import FakeAws, Fault
from sagemaker_model.runtime import (
    AccessDeniedError,
    EndpointError,
    EndpointNotFoundError,
    InvalidRequestError,
    ModelFailedError,
    ModelNotReadyError,
    OverloadedError,
    StreamBrokenError,
    TimedOutError,
)


# Sources as in answer/failure.py.
class Refusal(NamedTuple):
    """What a container answers, and what is to be told of it."""

    status: int
    body: object
    kind: type[EndpointError]
    text: str


CONTAINER = [
    Refusal(
        422,
        {"error": "Input validation error: `top_p` must be …", "error_type": "validation"},
        InvalidRequestError,
        "Input validation error: `top_p` must be …",
    ),
    Refusal(
        424,
        {"error": "Request failed during generation: CUDA", "error_type": "generation"},
        ModelFailedError,
        "Request failed during generation: CUDA",
    ),
    Refusal(
        429,
        {"error": "Model is overloaded", "error_type": "overloaded"},
        OverloadedError,
        "Model is overloaded",
    ),
    Refusal(
        500,
        {"error": "Incomplete generation", "error_type": "incomplete_generation"},
        ModelFailedError,
        "Incomplete generation",
    ),
    Refusal(
        400,
        {"error": {"message": "too long", "type": "BadRequestError", "param": None, "code": 400}},
        InvalidRequestError,
        "too long",
    ),
    Refusal(
        400,
        {"object": "error", "message": "too long", "type": "BadRequestError", "code": 400},
        InvalidRequestError,
        "too long",
    ),
    Refusal(
        424, {"error": "invoke handler failure", "code": 424}, ModelFailedError, "invoke handler"
    ),
    Refusal(503, {"code": 503, "message": "No worker"}, OverloadedError, "No worker"),
    Refusal(
        400,
        {"code": 400, "type": "InternalServerException", "message": "'inputs' is missing"},
        InvalidRequestError,
        "'inputs' is missing",
    ),
    Refusal(422, {"detail": [{"loc": ["body"], "msg": "no"}]}, InvalidRequestError, '"msg": "no"'),
    Refusal(413, "<html>too large</html>", InvalidRequestError, "<html>too large</html>"),
    Refusal(500, "", ModelFailedError, "says nothing more"),
]
NAMES = [f"{each.status} {json.dumps(each.body)[:30]}" for each in CONTAINER]


@pytest.mark.parametrize("refusal", CONTAINER, ids=NAMES)
@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
def test_what_a_container_refuses_is_told_in_its_words(
    aws: FakeAws, endpoint: MakeEndpoint, streamed: bool, refusal: Refusal
) -> None:
    sent = refusal.body if isinstance(refusal.body, str) else json.dumps(refusal.body)
    aws.stream(sent.encode(), status=refusal.status)
    asked = endpoint("vllm")

    with pytest.raises(EndpointError) as raised:
        asked.chat_stream("hello") if streamed else asked.chat("hello")

    assert type(raised.value) is refusal.kind
    assert raised.value.status == refusal.status
    assert refusal.text in str(raised.value)
    assert len(aws.asked) == 1


AWS: list[tuple[Fault, type[EndpointError]]] = [
    (Fault(400, "ValidationError", "Endpoint chat of account 1 not found."), EndpointNotFoundError),
    (Fault(400, "ValidationError", "1 validation error detected"), InvalidRequestError),
    (Fault(400, "AccessDeniedException", "User is not authorized to perform"), AccessDeniedError),
    (Fault(403, "ExpiredTokenException", "The security token is expired"), AccessDeniedError),
    (Fault(400, "ThrottlingException", "Rate exceeded"), OverloadedError),
    (Fault(503, "ServiceUnavailable", "Unable to handle it"), OverloadedError),
    (Fault(429, "ModelNotReadyException", "Model is being loaded"), ModelNotReadyError),
    (Fault(400, "ValidationError", "Inference Component x has no capacity"), ModelNotReadyError),
    (Fault(530, "InternalDependencyException", "Contact support"), ModelFailedError),
    (Fault(500, "InternalFailure", "Something went wrong"), ModelFailedError),
    (Fault(418, "Teapot", "I am one"), EndpointError),
]


@pytest.mark.parametrize(
    ("fault", "kind"), AWS, ids=[f"{fault.code} {fault.message[:12]}" for fault, _ in AWS]
)
def test_what_aws_refuses_is_told_in_its_words(
    aws: FakeAws, endpoint: MakeEndpoint, fault: Fault, kind: type[EndpointError]
) -> None:
    aws.answer = lambda _body: fault

    with pytest.raises(EndpointError) as raised:
        endpoint("vllm").chat("hello")

    assert type(raised.value) is kind
    assert str(raised.value).startswith(fault.message)
    assert len(aws.asked) == 1, "nothing that costs money is asked twice unseen"


def test_a_model_that_takes_too_long_is_told_with_what_to_do(
    aws: FakeAws, endpoint: MakeEndpoint
) -> None:
    message = "Your invocation timed out while waiting for a response from container primary. …"
    aws.fail(424, "ModelError", message, OriginalStatusCode=0, OriginalMessage="")

    with pytest.raises(TimedOutError, match=r"60 seconds: ask for fewer tokens, stream"):
        endpoint("vllm").chat("hello")


def test_the_client_does_not_wait_forever(aws: FakeAws, endpoint: MakeEndpoint) -> None:
    aws.say({}, hang=True)

    with pytest.raises(TimedOutError, match=r"nothing came for 0\.2 seconds"):
        endpoint("vllm", timeout=0.2).chat("hello")
    assert len(aws.asked) == 1


def test_a_request_is_repeated_when_that_is_asked_for(aws: FakeAws, endpoint: MakeEndpoint) -> None:
    aws.fail(400, "ThrottlingException", "Rate exceeded")

    with pytest.raises(OverloadedError):
        endpoint("vllm", max_attempts=2).chat("hello")
    assert len(aws.asked) == 2


def test_an_endpoint_that_can_t_be_reached_is_told(
    aws: FakeAws, endpoint: MakeEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    del aws
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")

    with pytest.raises(EndpointError, match="can't be reached: Could not connect"):
        endpoint("vllm").chat("hello")


def test_a_caller_without_credentials_is_told(
    aws: FakeAws, endpoint: MakeEndpoint, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    del aws
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))

    import boto3

    with pytest.raises(AccessDeniedError, match="told no credentials; grant"):
        endpoint("vllm", session=boto3.Session(region_name="us-east-1")).chat("hello")


IN_STREAM: list[tuple[object, type[EndpointError], int | None]] = [
    ({"error": "Model is overloaded", "error_type": "overloaded"}, OverloadedError, None),
    ({"error": "Request failed", "error_type": "generation"}, ModelFailedError, None),
    (
        {"error": {"message": "no", "type": "BadRequestError", "code": 400}},
        InvalidRequestError,
        400,
    ),
    ({"error": {"message": "no", "http_status_code": 429}}, OverloadedError, 429),
    ({"error": {"object": "error", "message": "no", "code": 500}}, ModelFailedError, 500),
]


@pytest.mark.parametrize(
    ("event", "kind", "status"), IN_STREAM, ids=[json.dumps(each[0])[:40] for each in IN_STREAM]
)
def test_an_error_within_a_stream_is_raised_after_what_came(
    aws: FakeAws,
    endpoint: MakeEndpoint,
    event: object,
    kind: type[EndpointError],
    status: int | None,
) -> None:
    aws.stream(b'data:{"outputs": ["one"]}\n\n', b"data:" + json.dumps(event).encode() + b"\n\n")
    stream = endpoint("tgi").generate_stream("hello")

    assert next(stream).text == "one"
    with pytest.raises(EndpointError) as raised:
        next(stream)
    assert type(raised.value) is kind
    assert raised.value.status == status
    assert stream.generation.text == "one"


@pytest.mark.parametrize(
    ("name", "members", "kind"),
    [
        (
            "ModelStreamError",
            {
                "Message": "Your model primary did not complete sending the inference response in "
                "the allotted time.",
                "ErrorCode": "ModelInvocationTimeExceeded",
            },
            TimedOutError,
        ),
        ("ModelStreamError", {"Message": "gone", "ErrorCode": "StreamBroken"}, StreamBrokenError),
        ("InternalStreamFailure", {"Message": "unknown"}, StreamBrokenError),
    ],
    ids=["too late", "broken", "SageMaker's own"],
)
def test_sagemakers_error_within_a_stream_is_told(
    aws: FakeAws,
    endpoint: MakeEndpoint,
    name: str,
    members: dict[str, str],
    kind: type[EndpointError],
) -> None:
    aws.stream(b'{"outputs": ["one"]}\n', stream_error=(name, members))
    stream = endpoint("lmi").generate_stream("hello")

    assert next(stream).text == "one"
    with pytest.raises(EndpointError) as raised:
        next(stream)
    assert type(raised.value) is kind


def test_a_connection_that_breaks_within_a_stream_is_told(
    aws: FakeAws, endpoint: MakeEndpoint
) -> None:
    aws.stream(b'{"outputs": ["one"]}\n', cut=True)

    with pytest.raises(StreamBrokenError):
        list(endpoint("lmi").generate_stream("hello"))


def test_a_stream_that_stalls_is_told(aws: FakeAws, endpoint: MakeEndpoint) -> None:
    aws.stream(b'{"outputs": ["one"]}\n', hang=True)

    with pytest.raises(TimedOutError, match=r"nothing came for 0\.3 seconds"):
        list(endpoint("lmi", timeout=0.3).generate_stream("hello"))
