"""Requests to an asynchronous endpoint are uploaded, queued, waited for and fetched."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from runtime.conftest import MakeEndpoint
from runtime.fake_aws import FakeAws, Reply
from sagemaker_model.runtime import InvalidRequestError, ModelFailedError, TimedOutError
from sagemaker_model.runtime.asynchronous import Queued, wait_for

PLACES = {
    "OutputLocation": "s3://answers/output/1.out",
    "FailureLocation": "s3://answers/failures/1-error.out",
}


def queue(aws: FakeAws, told: dict[str, str], objects: dict[str, bytes]) -> None:
    """Have requests queued, and answers there at once."""

    def answer(_body: Any) -> Reply:
        aws.objects.update(objects)
        return Reply([json.dumps(told).encode()])

    aws.async_output = {"S3OutputPath": "s3://answers/output"}
    aws.answer = answer


def test_the_request_lies_beside_the_answers_and_the_answer_is_fetched(
    aws: FakeAws, endpoint: MakeEndpoint
) -> None:
    queue(aws, PLACES, {"answers/output/1.out": b'{"a": 1}'})

    answer = endpoint().invoke_async({"inputs": "hello"}, wait=5)

    (asked,) = aws.asked
    place = asked.headers["x-amzn-sagemaker-inputlocation"]
    assert place.startswith("s3://answers/input/")
    assert aws.objects[place.removeprefix("s3://")] == b'{"inputs": "hello"}'
    assert asked.headers["x-amzn-sagemaker-content-type"] == "application/json"
    assert asked.headers["x-amzn-sagemaker-accept"] == "application/json"
    assert answer.json() == {"a": 1}


def test_the_request_may_lie_anywhere(aws: FakeAws, endpoint: MakeEndpoint) -> None:
    queue(aws, PLACES, {"answers/output/1.out": b"{}"})

    endpoint().invoke_async(b"x", content_type="image/png", input_path="s3://mine/a/", wait=5)

    (asked,) = aws.asked
    assert asked.headers["x-amzn-sagemaker-inputlocation"].startswith("s3://mine/a/")
    assert aws.described == []


FAILURES: list[tuple[bytes, type[Exception], str]] = [
    (
        b'Received client error (400) from primary with message "{"error": "too long"}". See https',
        InvalidRequestError,
        "too long",
    ),
    (
        b'Received server error (500) from primary with message "". See https',
        ModelFailedError,
        "it says nothing",
    ),
    (b"AmazonSageMaker could not download the input", ModelFailedError, "could not download"),
]


@pytest.mark.parametrize(("body", "kind", "text"), FAILURES, ids=["400", "500", "another"])
def test_a_failure_is_told_as_if_the_model_had_been_asked_directly(
    aws: FakeAws, endpoint: MakeEndpoint, body: bytes, kind: type[Exception], text: str
) -> None:
    queue(aws, PLACES, {"answers/failures/1-error.out": body})

    with pytest.raises(kind, match=text):
        endpoint().invoke_async({}, wait=5)


@pytest.mark.parametrize("told", [PLACES, {"OutputLocation": PLACES["OutputLocation"]}], ids=len)
@pytest.mark.parametrize("forbidden", [False, True], ids=["404", "403 without the right to list"])
def test_after_the_wait_it_is_told_where_the_answer_will_lie(
    aws: FakeAws, endpoint: MakeEndpoint, forbidden: bool, told: dict[str, str]
) -> None:
    queue(aws, told, {})
    aws.forbids_missing_keys = forbidden

    with pytest.raises(TimedOutError, match=r"will lie at s3://answers/output/1\.out; wait longer"):
        endpoint().invoke_async({}, wait=0.01)


def test_it_looks_more_and_more_seldom(aws: FakeAws) -> None:
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 12:
            aws.objects["answers/output/1.out"] = b"late"

    queued = Queued(inference_id="an-id", output=PLACES["OutputLocation"])
    answer = wait_for(boto3.client("s3"), queued, 1000, sleep)

    assert answer.body == b"late"
    assert pauses == sorted(pauses)
    assert pauses[-1] == 5


def test_an_endpoint_that_is_not_asynchronous_is_told(aws: FakeAws, endpoint: MakeEndpoint) -> None:
    with pytest.raises(ValueError, match="'chat' is not asynchronous; use invoke"):
        endpoint().invoke_async({})

    assert aws.asked == []


def test_a_folder_that_the_library_did_not_lay_is_asked_for(
    aws: FakeAws, endpoint: MakeEndpoint
) -> None:
    aws.async_output = {"S3OutputPath": "s3://answers/elsewhere"}

    with pytest.raises(ValueError, match="give input_path="):
        endpoint().invoke_async({})


@pytest.mark.parametrize("path", ["mine", "https://mine/a"])
def test_a_folder_must_be_in_s3(endpoint: MakeEndpoint, path: str) -> None:
    make: Callable[[], object] = lambda: endpoint().invoke_async({}, input_path=path)  # noqa: E731

    with pytest.raises(ValueError, match="input_path must be s3://bucket/folder"):
        make()
