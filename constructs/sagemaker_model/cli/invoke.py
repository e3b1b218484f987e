"""``invoke``: send a request to a deployed endpoint as it is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from sagemaker_model.cli.ask import Asked, Component, find_endpoint
from sagemaker_model.cli.aws import Local, Profile, Region

_JSON = "application/json"


def invoke(
    endpoint: Asked,
    body: Annotated[str, typer.Argument(help="JSON or other text, @FILE, or - for the input.")],
    *,
    content_type: Annotated[str, typer.Option(help="What the body is.")] = _JSON,
    accept: Annotated[str, typer.Option(help="What the answer should be.")] = _JSON,
    stream: Annotated[bool, typer.Option("--stream", help="Print parts as they come.")] = False,
    component: Component = None,
    local: Local = False,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Send a request to an endpoint as it is, and print the answer as it is.

    For example:

        sagemaker-model invoke search '{"inputs": ["a text"]}'

        sagemaker-model invoke chat @request.json --stream

        sagemaker-model invoke images @cat.png --content-type image/png --local

        sagemaker-model invoke http://127.0.0.1:8080 '{"inputs": "a text"}'
    """
    asked = find_endpoint(
        endpoint, component=component, local=local, region=region, profile=profile
    )
    payload = read_body(body)
    if stream:
        _print(asked.invoke_stream(payload, content_type=content_type, accept=accept))
    else:
        _print(iter([asked.invoke(payload, content_type=content_type, accept=accept).body]))


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


def _print(parts: Iterator[bytes]) -> None:
    last = b""
    for part in parts:
        sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()
        last = part or last
    # A picture in a file must stay what it is.
    if sys.stdout.isatty() and not last.endswith(b"\n"):
        print()
