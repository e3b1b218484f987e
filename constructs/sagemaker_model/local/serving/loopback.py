"""Requests to a program that serves on this machine."""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Mapping

from sagemaker_model.local.serving.answers import Answer, StreamedAnswer

# As long as SageMaker waits for an answer to a health check.
_HEALTH_CHECK = 2.0
_OK = 200
_PART = 1 << 16


def is_healthy(port: int, path: str = "/ping") -> bool:
    """Tell whether a program answers its health check with 200 in time.

    Args:
        port: Where it listens.
        path: What is asked for. Default: ``/ping``, as SageMaker asks.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_HEALTH_CHECK)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException):
        return False
    else:
        return response.status == _OK
    finally:
        connection.close()


def ask(port: int, path: str, body: bytes, headers: Mapping[str, str], timeout: float) -> Answer:
    """Send a request and return the answer.

    Args:
        port: Where the program listens.
        path: The path.
        body: What is sent.
        headers: Its headers.
        timeout: How long the answer may take, in seconds.

    Raises:
        TimeoutError: It took longer.
        ConnectionError: The program ended before it answered.
    """
    streamed = ask_streamed(port, path, body, headers, timeout)
    return Answer(streamed.status, streamed.headers, b"".join(streamed.parts))


def ask_streamed(
    port: int,
    path: str,
    body: bytes,
    headers: Mapping[str, str],
    timeout: float,
    *,
    method: str = "POST",
) -> StreamedAnswer:
    """Send a request and return the answer, whose parts come as they are sent.

    Args:
        port: Where the program listens.
        path: The path.
        body: What is sent.
        headers: Its headers.
        timeout: How long each part may take, in seconds.
        method: What is asked for. Default: ``POST``.

    Raises:
        TimeoutError: It took longer.
        ConnectionError: The program ended before it answered.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
    except BaseException:
        connection.close()
        raise
    told = {name.lower(): value for name, value in response.getheaders()}
    return StreamedAnswer(response.status, told, _parts(connection, response))


def _parts(
    connection: http.client.HTTPConnection, response: http.client.HTTPResponse
) -> Iterator[bytes]:
    try:
        while part := response.read1(_PART):
            yield part
    except http.client.IncompleteRead as error:
        raise ConnectionError("the program ended in the middle of its answer") from error
    finally:
        connection.close()
