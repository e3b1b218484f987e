"""Ask an endpoint whose requests and answers lie in S3."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from botocore import exceptions

from .outcome import Kind, Outcome, of_error, of_status
from .smoke_test import Request, SmokeTest

_PLACE = re.compile(r"s3://([^/]+)/(.+)")
_STATUS = re.compile(r"error \((\d+)\)")
# Without the right to list a bucket, S3 calls an object forbidden that is not there.
_NOT_YET = frozenset({"NoSuchKey", "404", "AccessDenied", "403"})
_PAUSE = 3


@dataclass(frozen=True)
class Asynchronous:
    """An endpoint with a queue.

    Args:
        runtime: boto3's SageMaker Runtime client.
        s3: boto3's S3 client.
        sagemaker: boto3's SageMaker client.
        endpoint: Name of the endpoint.
        folder: Where the request is put, as ``s3://bucket/folder``.
        test: What it must answer.
        now: Tells seconds.
        sleep: Waits for seconds.
    """

    runtime: Any
    s3: Any
    sagemaker: Any
    endpoint: str
    folder: str
    test: SmokeTest
    now: Callable[[], float]
    sleep: Callable[[float], object]

    def ask(self, request: Request, until: float) -> Outcome:
        """Queue a request, and wait for its answer or its failure."""
        try:
            places = self._queue(request)
            while (outcome := self._outcome(places)) is None and self.now() < until:
                self.sleep(min(_PAUSE, until - self.now()))
            return outcome or self._unanswered()
        except exceptions.ClientError as error:
            return of_error(error.response)
        except (exceptions.ConnectionError, exceptions.HTTPClientError) as error:
            return Outcome(Kind.UNREACHABLE, str(error))

    def _queue(self, request: Request) -> list[str]:
        """Return where the answer will be, and where the failure, if it is written anywhere."""
        place = f"{self.folder}/smoke-test/{sha256(request.body).hexdigest()[:16]}"
        bucket, key = _split(place)
        self.s3.put_object(
            Bucket=bucket, Key=key, Body=request.body, ContentType=request.content_type
        )
        queued = self.runtime.invoke_endpoint_async(
            EndpointName=self.endpoint, InputLocation=place, **request.headers
        )
        failure = queued.get("FailureLocation")
        return [queued["OutputLocation"], *([failure] if failure else [])]

    def _outcome(self, places: Sequence[str]) -> Outcome | None:
        """Return what was written so far; None where nothing was."""
        for place, read in zip(places, (self.test.judge, _failure), strict=False):
            body = self._read(place)
            if body is not None:
                return read(body)
        return None

    def _read(self, place: str) -> bytes | None:
        bucket, key = _split(place)
        try:
            body: bytes = self.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        except exceptions.ClientError as error:
            if error.response.get("Error", {}).get("Code") in _NOT_YET:
                return None
            raise
        return body

    def _unanswered(self) -> Outcome:
        told = self.sagemaker.describe_endpoint(EndpointName=self.endpoint)
        if not sum(each.get("CurrentInstanceCount", 1) for each in told["ProductionVariants"]):
            return Outcome(Kind.ASLEEP, "there was no instance yet that could have answered")
        return Outcome(Kind.BUSY, "neither an answer nor a failure was written to S3")


def _failure(body: bytes) -> Outcome:
    text = body.decode(errors="replace")
    match = _STATUS.search(text)
    # Without a status nobody can tell, so that another request may be the right one.
    return of_status(int(match[1]), text) if match else Outcome(Kind.REFUSED, text)


def _split(place: str) -> tuple[str, str]:
    match = _PLACE.fullmatch(place)
    if match is None:
        raise ValueError(f"{place!r} is no object of S3")
    return match[1], match[2]
