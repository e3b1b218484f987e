"""``invoke``: send a request to an endpoint as it is."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from sagemaker_model.cli.ask import Asked, Component, Engine, InQueue, Queue, find_endpoint
from sagemaker_model.cli.aws import Local, Profile, Region
from sagemaker_model.cli.console import AsJson, err, print_json
from sagemaker_model.local.serving.answers import ANSWERED_BY
from sagemaker_model.runtime import Answer, Endpoint, InvalidRequestError, UnexpectedAnswerError
from sagemaker_model.runtime.payload import as_bytes
from sagemaker_model.smoke_test.known_requests import requests_of

_JSON = "application/json"


def invoke(
    endpoint: Asked,
    body: Annotated[
        str | None,
        typer.Argument(
            help="JSON or other text, @FILE, or - for the input. Default: a request that the "
            "engine is known to answer.",
            show_default=False,
        ),
    ] = None,
    *,
    content_type: Annotated[str, typer.Option(help="What the body is.")] = _JSON,
    accept: Annotated[str, typer.Option(help="What the answer should be.")] = _JSON,
    stream: Annotated[bool, typer.Option("--stream", help="Print parts as they come.")] = False,
    in_queue: InQueue = False,
    engine: Engine = None,
    component: Component = None,
    local: Local = False,
    region: Region = None,
    profile: Profile = None,
    as_json: AsJson = False,
) -> None:
    """Send a request to an endpoint as it is, and print the answer as it is.

    With --json the answer is told with what was asked, its content type and its time. For example:

        sagemaker-model invoke search '{"inputs": ["a text"]}'

        sagemaker-model invoke chat @request.json --stream

        sagemaker-model invoke images @cat.png --content-type image/png --local

        sagemaker-model invoke nightly @texts.json --async

        sagemaker-model invoke http://127.0.0.1:8080
    """
    if stream and (body is None or as_json or in_queue):
        raise typer.BadParameter("--stream wants a body, and can't be given with --json or --async")
    asked = find_endpoint(
        endpoint,
        engine=engine,
        component=component,
        local=local,
        region=region,
        profile=profile,
    )
    types = {"content_type": content_type, "accept": accept}
    if stream and body is not None:
        _print(asked.invoke_stream(read_body(body), **types))
        return
    bodies = [read_body(body)] if body is not None else [*map(as_bytes, requests_of(asked.engine))]
    begun = time.monotonic()
    sent, answer = _first_answer(Queue(asked) if in_queue else asked, bodies, types)
    if as_json:
        print_json(_told(asked, sent, answer, time.monotonic() - begun))
        return
    if body is None:
        err.print(f"asked: {sent.decode()}", markup=False)
    if ANSWERED_BY in answer.headers:
        err.print(f"answered by: {answer.headers[ANSWERED_BY]}", style="yellow", markup=False)
    _print([answer.body])


def _first_answer(
    asked: Queue | Endpoint, bodies: Sequence[bytes], types: dict[str, str]
) -> tuple[bytes, Answer]:
    """Return the first body that is understood, and its answer."""
    *others, last = bodies
    for body in others:
        with suppress(InvalidRequestError):
            return body, asked.invoke(body, **types)
    return last, asked.invoke(last, **types)


def _told(asked: Endpoint, sent: bytes, answer: Answer, seconds: float) -> dict[str, Any]:
    try:
        value = answer.json()
    except UnexpectedAnswerError:
        value = answer.text
    return {
        "endpoint": asked.name,
        "request": sent.decode(errors="replace"),
        "answer": value,
        "content_type": answer.content_type,
        "answered_by": answer.headers.get(ANSWERED_BY),
        "seconds": round(seconds, 3),
    }


def read_body(given: str) -> bytes:
    """Return the body that somebody gives on the command line.

    Args:
        given: The body, ``@`` and the name of a file, or ``-`` for standard input.

    Raises:
        OSError: The file can't be read.
    """
    if given == "-":
        return sys.stdin.buffer.read()
    return Path(given[1:]).read_bytes() if given.startswith("@") else given.encode()


def _print(parts: Iterable[bytes]) -> None:
    last = b""
    for part in parts:
        sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()
        last = part or last
    # A picture in a file must stay what it is.
    if sys.stdout.isatty() and not last.endswith(b"\n"):
        print()
