"""Requests to an asynchronous endpoint: they and their answers lie in S3.

Source: ``InvokeEndpointAsync`` in the SageMaker API reference, and "Check prediction results"
(async-inference-check-predictions) of the developer guide.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sagemaker_model.runtime.answer.failure import refused
from sagemaker_model.runtime.answer.raw import Answer
from sagemaker_model.runtime.aws_failure import aws_code
from sagemaker_model.runtime.errors import EndpointError, TimedOutError

_PLACE = re.compile(r"s3://(?P<bucket>[^/]+)/(?P<key>.+)")
_FOLDER = re.compile(r"s3://(?P<bucket>[^/]+)(?:/(?P<folder>.*))?")
# How SageMaker tells of a container's answer.
_REFUSED = re.compile(
    r'Received \w+ error \((?P<status>\d+)\) from .*? with message "(?P<body>.*)"', re.DOTALL
)
# Who may not list a bucket is told 403 of an object that is not there.
_NOT_THERE = frozenset({"NoSuchKey", "404", "AccessDenied", "403"})
_FIRST_PAUSE, _LONGEST_PAUSE, _GROWTH = 0.25, 5.0, 1.5
_OWN_OUTPUT, _OWN_INPUT = "output", "input"


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A request in the queue of an endpoint.

    Args:
        inference_id: What SageMaker calls it.
        output: Where its answer will lie, an S3 URI.
        failure: Where its failure will lie. Default: nowhere, so a failure is never told.
    """

    inference_id: str
    output: str
    failure: str | None = None


def input_folder(output_path: str) -> str:
    """Return where requests lie beside the folder of answers, as ``Asynchronous`` lays them.

    Args:
        output_path: The folder of answers, an S3 URI.

    Raises:
        ValueError: The folder is none that the library made.

    >>> input_folder("s3://bucket/output")
    's3://bucket/input'
    """
    path = output_path.rstrip("/")
    if not path.endswith(f"/{_OWN_OUTPUT}"):
        raise ValueError(
            f"where requests lie can't be told from the folder of answers, {output_path!r}; give "
            "input_path='s3://bucket/folder', which the endpoint's role may read"
        )
    return path.removesuffix(_OWN_OUTPUT) + _OWN_INPUT


def upload(s3: Any, folder: str, body: bytes, content_type: str) -> str:
    """Put a request into a folder, under a name of its own.

    Args:
        s3: A client of S3.
        folder: The folder, an S3 URI.
        body: The request.
        content_type: What it is.

    Returns:
        The S3 URI of the request.

    Raises:
        ValueError: The folder is no S3 URI.
    """
    found = _FOLDER.fullmatch(folder)
    if found is None:
        raise ValueError(f"input_path must be s3://bucket/folder, got {folder!r}")
    key = "/".join(
        part for part in ((found["folder"] or "").strip("/"), f"{uuid.uuid4()}.in") if part
    )
    s3.put_object(Bucket=found["bucket"], Key=key, Body=body, ContentType=content_type)
    return f"s3://{found['bucket']}/{key}"


def wait_for(
    s3: Any, queued: Queued, wait: float, sleep: Callable[[float], None] = time.sleep
) -> Answer:
    """Return the answer to a request, as soon as it is there.

    Args:
        s3: A client of S3.
        queued: The request.
        wait: How long to wait at most, in seconds.
        sleep: Waits between two looks. Default: ``time.sleep``.

    Raises:
        EndpointError: The request failed; the type says how.
        TimedOutError: Neither an answer nor a failure is there in time.
    """
    deadline = time.monotonic() + wait
    for pause in _pauses():
        answer = _read(s3, queued.output)
        if answer is not None:
            return answer
        failed = _read(s3, queued.failure) if queued.failure else None
        if failed is not None:
            raise _failure(failed.text)
        left = deadline - time.monotonic()
        if left <= 0:
            break
        sleep(min(pause, left))
    raise TimedOutError(
        f"after {wait:g} seconds neither an answer nor a failure is there; the answer to "
        f"{queued.inference_id} will lie at {queued.output}; wait longer, and see that the caller "
        "may read there"
    )


def _pauses() -> Iterator[float]:
    pause = _FIRST_PAUSE
    while True:
        yield pause
        pause = min(pause * _GROWTH, _LONGEST_PAUSE)


def _read(s3: Any, uri: str) -> Answer | None:
    from botocore.exceptions import ClientError

    found = _PLACE.fullmatch(uri)
    if found is None:
        raise EndpointError(f"SageMaker names a place that is no S3 URI: {uri!r}")
    try:
        told = s3.get_object(Bucket=found["bucket"], Key=found["key"])
    except ClientError as error:
        if aws_code(error.response) in _NOT_THERE:
            return None
        raise
    return Answer(body=told["Body"].read(), content_type=told.get("ContentType", ""))


def _failure(text: str) -> EndpointError:
    found = _REFUSED.search(text)
    if found is None:
        return refused(None, text)
    return refused(int(found["status"]), found["body"])
