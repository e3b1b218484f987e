"""InvokeEndpoint, InvokeEndpointWithResponseStream and InvokeEndpointAsync."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import ExitStack, closing

from sagemaker_model.local.emulator.services import ApiError, Request, Response, each_part
from sagemaker_model.local.runtime import event_stream
from sagemaker_model.local.runtime.asynchronous import invoke_async
from sagemaker_model.local.runtime.invocation import (
    LONGEST_ANSWER,
    Target,
    check_body,
    model_error,
    parse,
    target,
    too_slow,
)
from sagemaker_model.local.serving.answers import ANSWERED_BY, StreamedAnswer

_OK = 200
# What SageMaker passes on to the container, and back.
_SENT = ("content-type", "accept", "x-amzn-sagemaker-custom-attributes")


def runtime(request: Request) -> Response:
    """Answer a request of the runtime API.

    Raises:
        ApiError: AWS would refuse it, or the container did.
    """
    name, verb = parse(request)
    if verb == "invocations":
        return _invoke(name, request)
    if verb == "invocations-response-stream":
        return _stream(name, request)
    if verb == "async-invocations":
        return invoke_async(name, request)
    raise ApiError("UnknownOperationException", f"there is no operation {verb}", 404)


def _invoke(name: str, request: Request) -> Response:
    check_body(request.body)
    with target(name, request.headers) as found:
        try:
            answer = found.worker.invoke(request.body, _passed_on(request), LONGEST_ANSWER)
        except TimeoutError as error:
            raise too_slow(found) from error
        except ConnectionError as error:
            raise model_error(found, 500, str(error)) from error
    if answer.status != _OK:
        raise model_error(found, answer.status, answer.body.decode(errors="replace"))
    return Response(_OK, _told(found, answer.headers), answer.body)


def _stream(name: str, request: Request) -> Response:
    check_body(request.body)
    with ExitStack() as held:
        found = held.enter_context(target(name, request.headers))
        answer = found.worker.stream(request.body, _passed_on(request), LONGEST_ANSWER)
        if answer.status != _OK:
            body = b"".join(answer.parts).decode(errors="replace")
            raise model_error(found, answer.status, body)
        kept = held.pop_all()
    told = _told(found, answer.headers)
    headers = {
        "Content-Type": "application/vnd.amazon.eventstream",
        "X-Amzn-SageMaker-Content-Type": told.pop("Content-Type"),
        **told,
    }
    return Response(_OK, headers, each_part(_events(answer, kept)))


def _events(answer: StreamedAnswer, kept: ExitStack) -> Generator[bytes, None, None]:
    with kept, closing(answer):
        try:
            for part in answer.parts:
                yield event_stream.event("PayloadPart", part)
        except OSError as error:
            told = f'{{"ErrorCode": "ModelInvocationTimeExceeded", "Message": "{error}"}}'
            yield event_stream.error("ModelStreamError", told.encode())


def _passed_on(request: Request) -> dict[str, str]:
    return {name: request.headers[name] for name in _SENT if name in request.headers}


def _told(found: Target, headers: Mapping[str, str]) -> dict[str, str]:
    lower = {name.lower(): value for name, value in headers.items()}
    told = {
        "Content-Type": lower.get("content-type", "application/octet-stream"),
        "x-Amzn-Invoked-Production-Variant": found.variant,
    }
    kept = {name: value for name, value in lower.items() if name.startswith(ANSWERED_BY)}
    attributes = lower.get("x-amzn-sagemaker-custom-attributes")
    if attributes:
        kept["X-Amzn-SageMaker-Custom-Attributes"] = attributes
    return told | kept
