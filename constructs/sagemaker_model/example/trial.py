"""What came of asking an endpoint with an example."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from sagemaker_model.example.difference import differences, rounded
from sagemaker_model.example.example import Example
from sagemaker_model.runtime.answer.raw import Answer
from sagemaker_model.runtime.errors import (
    AccessDeniedError,
    EndpointError,
    EndpointNotFoundError,
    ModelNotReadyError,
    OverloadedError,
)
from sagemaker_model.smoke_test.lambda_code.smoke_test_handler.outcome import Kind
from sagemaker_model.smoke_test.lambda_code.smoke_test_handler.smoke_test import SmokeTest

_MOST = 5
"""Differences that are told of one answer: more of them tell no more."""
_SHOWN = 200
_PAUSE = 1.0
# 429 says that there is too much to do.
_CLIENT_ERRORS = {*range(400, 500)} - {429}


class Invocable(Protocol):
    """An endpoint, or what stands for one."""

    def invoke(self, payload: object, *, content_type: str, accept: str) -> Answer:
        """Send a request as it is; see :class:`RawEndpoint`."""
        ...


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of asking an endpoint with an example.

    Args:
        example: The example.
        seconds: How long the answer took.
        problems: What is not as it must be; nothing where it passed.
        text: What was answered; None where nothing was.
        error: Why nothing was answered; None where something was.
    """

    example: Example
    seconds: float
    problems: tuple[str, ...]
    text: str | None = None
    error: EndpointError | None = None

    @property
    def refused(self) -> bool:
        """Whether the container said that the request is none for it."""
        return self.error is not None and self.error.status in _CLIENT_ERRORS

    @property
    def too_early(self) -> bool:
        """Whether the same request may be answered later, as the model is loading or busy."""
        return not self.passed and isinstance(self.error, ModelNotReadyError | OverloadedError)

    @property
    def passed(self) -> bool:
        """Whether all holds that must."""
        return not self.problems

    def with_this_answer(self) -> Example | None:
        """Return the example with what was answered as its answer, if nothing else is wrong."""
        if self.text is None or self.example.status is not None:
            return None
        answer = rounded(_compared(self.example, self.text), self.example.tolerance)
        example = replace(self.example, answer=answer)
        return None if [*_of_answer(example, self.text)] else example


def ask(endpoint: Invocable, example: Example) -> Trial:
    """Ask an endpoint with an example, and compare.

    Args:
        endpoint: The endpoint.
        example: The example.

    Raises:
        EndpointError: The endpoint is not there, can't be reached, or may not be asked.
    """
    begun = time.monotonic()
    try:
        answer = endpoint.invoke(
            example.body, content_type=example.content_type, accept=example.accept
        )
    except EndpointError as error:
        # What is none of the types that tell of a model was never asked, and the next isn't either.
        if type(error) in {EndpointError, AccessDeniedError, EndpointNotFoundError}:
            raise
        seconds = time.monotonic() - begun
        return Trial(example, seconds, tuple(_of_error(example, error)), error=error)
    seconds = time.monotonic() - begun
    return Trial(example, seconds, tuple(_of_answer(example, answer.text)), answer.text)


def ask_patiently(endpoint: Invocable, example: Example, until: float) -> Trial:
    """Ask an endpoint with an example, again each second while its model is loading or busy.

    Args:
        endpoint: The endpoint.
        example: The example.
        until: When it is asked for the last time, as :func:`time.monotonic` tells it.

    Raises:
        EndpointError: The endpoint is not there, can't be reached, or may not be asked.
    """
    while (trial := ask(endpoint, example)).too_early and time.monotonic() < until:
        time.sleep(_PAUSE)
    return trial


def ask_until_understood(endpoint: Invocable, examples: Sequence[Example], until: float) -> Trial:
    """Ask with one example after the other, until the container understands one.

    Args:
        endpoint: The endpoint.
        examples: The examples, one or more.
        until: How long a model is waited for that is loading or busy.

    Returns:
        What came of the one that was understood; where none was, of the last one.
    """
    *others, last = examples
    for example in others:
        trial = ask_patiently(endpoint, example, until)
        if not trial.refused:
            return trial
    return ask_patiently(endpoint, last, until)


def _of_error(example: Example, error: EndpointError) -> Iterator[str]:
    if error.status is None or error.status != example.status:
        wanted = f"the status {example.status}" if example.status else "an answer"
        yield f"expected {wanted}, got an error: {error}"
    elif example.expect not in error.text:
        yield f"expected the text {example.expect!r} in the error, got {error.text!r}"


def _of_answer(example: Example, text: str) -> Iterator[str]:
    if example.status is not None:
        yield f"expected the status {example.status}, got the answer {_short(text)}"
        return
    if example.expect not in text:
        yield f"expected the text {example.expect!r} in the answer, got {_short(text)}"
    if not _is_true(example.expect_json, text):
        yield f"{example.expect_json} is not true of the answer {_short(text)}"
    if example.answer is not None:
        value = _compared(example, text)
        found = [*differences(example.answer, value, example.tolerance)]
        yield from found[:_MOST]
        if len(found) > _MOST:
            yield f"and {len(found) - _MOST} more"


def _is_true(condition: str, text: str) -> bool:
    """Judge as the smoke test of a deployment does."""
    return SmokeTest(requests=(), condition=condition).judge(text.encode()).kind is Kind.ANSWERED


def _compared(example: Example, text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    if not example.part:
        return value
    import jmespath

    return jmespath.search(example.part, value)


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
