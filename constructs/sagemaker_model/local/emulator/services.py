"""Services that ministack lacks: where their requests go."""

from __future__ import annotations

import asyncio
import contextvars
import json
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ministack import app
from ministack.core import concurrency, responses, router

HOOKS = (
    "ministack.app:SERVICE_HANDLERS",
    "ministack.core.router:SERVICE_PATTERNS",
    "ministack.core.concurrency:run_reentrant",
    "ministack.core.responses:StreamingResponse",
)


@dataclass(frozen=True)
class Request:
    """A request as it came.

    Args:
        method: The verb of HTTP.
        path: The path, decoded.
        headers: Headers by lower-case name.
        body: The body.
        query: Parameters of the query by name, each a list.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    query: Mapping[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Response:
    """What is answered.

    Args:
        status: The status of HTTP.
        headers: The headers.
        body: The body, or its parts as they come.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes | AsyncGenerator[bytes, None]


Handler = Callable[[Request], Response]


class ApiError(Exception):
    """A request that a service refuses.

    Args:
        code: AWS's name of the error.
        message: What is told.
        status: The status of HTTP. Default: 400.
        extra: Members besides the message. Default: none.
    """

    def __init__(
        self,
        code: str,
        message: str,
        status: int = 400,
        extra: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.extra = dict(extra or {})


def add_service(
    name: str, handler: Handler, *, target_prefix: str | None = None, scope: str | None = None
) -> None:
    """Have requests of a service answered.

    Args:
        name: Name of the service, the one that requests are signed for.
        handler: Answers a request; it may wait, and may raise :class:`ApiError`.
        target_prefix: How its ``X-Amz-Target`` begins. Default: it has none, and requests are
            known by what they are signed for.
        scope: The name that requests are signed for. Default: *name*.
    """
    patterns: dict[str, object] = {
        "host_patterns": [rf"{name}\."],
        "credential_scope": scope or name,
    }
    if target_prefix:
        patterns["target_prefixes"] = [target_prefix]
    router.SERVICE_PATTERNS[name] = patterns
    app.SERVICE_HANDLERS[name] = _answering(handler)


def _answering(handler: Handler) -> Callable[..., Any]:
    async def handle(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]
    ) -> tuple[int, dict[str, str], object]:
        request = Request(method, path, headers, body, query)
        # A worker may call the emulator before its answer is ready: never on a bounded pool.
        response = await concurrency.run_reentrant(_answer, handler, request)
        return response.status, dict(response.headers), _body(response.body)

    return handle


def _answer(handler: Handler, request: Request) -> Response:
    try:
        return handler(request)
    except ApiError as error:
        body = {"__type": error.code, "message": str(error), **error.extra}
        headers = {"Content-Type": "application/json", "x-amzn-errortype": error.code}
        return Response(error.status, headers, json.dumps(body).encode())


def _body(body: bytes | AsyncGenerator[bytes, None]) -> object:
    if isinstance(body, bytes):
        return body
    return responses.StreamingResponse(partial(send_parts, body))


async def send_parts(
    parts: AsyncGenerator[bytes, None], send: Callable[..., Any], receive: Callable[..., Any]
) -> None:
    """Send the parts of a body as they come, until the client leaves.

    Args:
        parts: The parts; closed at the end.
        send: Sends a message of ASGI.
        receive: Waits for a message of ASGI.
    """
    # Behind the request nothing comes but that the client has left.
    left = asyncio.ensure_future(receive())
    try:
        async with aclosing(parts):
            async for part in parts:
                if left.done():
                    return
                await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        left.cancel()


async def each_part(parts: Generator[bytes, None, None]) -> AsyncGenerator[bytes, None]:
    """Yield parts that are waited for, while others are served.

    Args:
        parts: The parts; closed at their end, or when no more of them are wanted.
    """
    loop = asyncio.get_running_loop()
    context = contextvars.copy_context()

    def next_part() -> bytes | None:
        return next(parts, None)

    try:
        while (part := await loop.run_in_executor(None, context.run, next_part)) is not None:
            yield part
    finally:
        await loop.run_in_executor(None, context.run, parts.close)
