"""Asks a container on this machine, or wherever its URL leads, as ``sagemaker-runtime`` would.

Source: "How your container should respond to inference requests",
https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
"""

from __future__ import annotations

import http.client
import io
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

ENGINE_HEADER = "x-sagemaker-model-engine"
"""Header of ``/ping`` that tells the engine's name; ``sagemaker-model serve`` sends it."""

SERVED = "http://127.0.0.1:8080"
"""Where ``sagemaker-model serve`` listens, unless it is told another port."""

_INVOCATIONS, _PING = "/invocations", "/ping"
_PART = 1 << 16
_NONE: Mapping[str, str] = {}


class ContainerClient:
    """The two requests of a ``sagemaker-runtime`` client, sent straight to a container.

    What goes wrong is raised as boto3 would raise it: what the container refuses as a
    ``ModelError``, the rest as errors of the connection.

    Args:
        url: Where the container listens, such as ``http://127.0.0.1:8080``.
        timeout: How long an answer, or the next part of a stream, may take, in seconds.

    Raises:
        ValueError: *url* is none of HTTP, names no host, or holds a user, a query or a fragment.
    """

    meta = SimpleNamespace(region_name=None)
    """A container is in no Region; RawEndpoint asks every client."""

    def __init__(self, url: str, *, timeout: float) -> None:
        _check(url)
        # Whoever copies the whole address of a request means the container.
        self.url = url.rstrip("/").removesuffix(_INVOCATIONS)
        self._timeout = timeout

    def invoke_endpoint(self, **request: Any) -> dict[str, Any]:
        """Send a request and return the whole answer; see ``InvokeEndpoint``.

        Args:
            **request: ``Body``, ``ContentType`` and ``Accept``; a container has no names.

        Raises:
            ClientError: The container refuses it.
            BotoCoreError: There is no whole answer.
        """
        with self._asked(request) as response:
            body = response.read()
        return {**_described(response), "Body": io.BytesIO(body)}

    def invoke_endpoint_with_response_stream(self, **request: Any) -> dict[str, Any]:
        """Send a request and return the answer in parts, as they come.

        Args:
            **request: ``Body``, ``ContentType`` and ``Accept``.

        Raises:
            ClientError: The container refuses it.
            BotoCoreError: No answer begins.
        """
        with ExitStack() as stack:
            response = stack.enter_context(self._asked(request))
            return {**_described(response), "Body": _Parts(response, stack.pop_all())}

    def ping(self) -> Mapping[str, str]:
        """Return the headers of the answer to a health check, by lower-case name.

        Raises:
            BotoCoreError: There is none.
        """
        with self._sent("GET", _PING) as response:
            return _headers(response)

    @contextmanager
    def _asked(self, request: Mapping[str, Any]) -> Iterator[http.client.HTTPResponse]:
        headers = {"Content-Type": request["ContentType"], "Accept": request["Accept"]}
        with self._sent("POST", _INVOCATIONS, request["Body"], headers) as response:
            if response.status != HTTPStatus.OK:
                raise _refused(response.status, response.read().decode(errors="replace"))
            yield response

    @contextmanager
    def _sent(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = _NONE
    ) -> Iterator[http.client.HTTPResponse]:
        address = urlsplit(self.url)
        secure = address.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(address.hostname or "", address.port, timeout=self._timeout)
        with closing(connection), _told_as_boto3_does(self.url):
            connection.request(method, address.path + path, body, dict(headers))
            with connection.getresponse() as response:
                yield response


class _Parts:
    """The body of a streamed answer, as the events that boto3 makes of it."""

    def __init__(self, response: http.client.HTTPResponse, request: ExitStack) -> None:
        self._response = response
        self._request = request

    def __iter__(self) -> Iterator[dict[str, Any]]:
        from botocore.exceptions import ReadTimeoutError

        try:
            while part := self._response.read1(_PART):
                yield {"PayloadPart": {"Bytes": part}}
            if self._response.length:
                raise http.client.IncompleteRead(b"", self._response.length)
        except TimeoutError as error:
            raise ReadTimeoutError(endpoint_url=_INVOCATIONS) from error
        except (http.client.HTTPException, OSError) as error:
            raise _client_error("ModelStreamError", f"the container ended it: {error}") from error

    def close(self) -> None:
        """End the request."""
        self._request.close()


@contextmanager
def _told_as_boto3_does(url: str) -> Iterator[None]:
    from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError

    try:
        yield
    except TimeoutError as error:
        raise ReadTimeoutError(endpoint_url=url) from error
    except (http.client.HTTPException, ConnectionResetError, BrokenPipeError) as error:
        raise ConnectionClosedError(endpoint_url=url) from error
    except OSError as error:
        raise EndpointConnectionError(endpoint_url=f"{url} ({error})") from error


def _check(url: str) -> None:
    address = urlsplit(url)
    if address.scheme not in {"http", "https"} or not address.hostname:
        raise ValueError(
            f"a container is asked at a URL like http://127.0.0.1:8080, by http or https; got "
            f"{url!r}"
        )
    if address.username is not None or address.query or address.fragment:
        raise ValueError(
            "the URL of a container has a host, a port and a path, no user, query or fragment: "
            "write it like http://127.0.0.1:8080"
        )


def _refused(status: int, body: str) -> Exception:
    message = f'Received error ({status}) from the container with message "{body}"'
    return _client_error(
        "ModelError", message, OriginalStatusCode=status, OriginalMessage=body, LogStreamArn=""
    )


def _client_error(code: str, message: str, **members: object) -> Exception:
    from botocore.exceptions import ClientError

    # The types know the members of all operations, of which these are one's.
    told: Any = {"Error": {"Code": code, "Message": message}, **members}
    return ClientError(told, "InvokeEndpoint")


def _described(response: http.client.HTTPResponse) -> dict[str, Any]:
    headers = _headers(response)
    metadata = {"HTTPStatusCode": response.status, "HTTPHeaders": headers}
    return {"ContentType": headers.get("content-type", ""), "ResponseMetadata": metadata}


def _headers(response: http.client.HTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.getheaders()}
