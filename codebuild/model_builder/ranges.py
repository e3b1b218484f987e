"""Reads a range of a remote file into memory, whatever goes wrong on the way."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from urllib.parse import urljoin, urlsplit

from model_builder.connections import Connections, describe
from model_builder.errors import RetryableError, StagingError
from model_builder.retry import Retry

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_REDIRECTS = 5
_TOO_MANY, _SERVER_ERROR = HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.INTERNAL_SERVER_ERROR
_REFUSALS = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


@dataclass(frozen=True, slots=True)
class Resource:
    """A file behind a URL.

    Args:
        url: Where to ask first; answers may lead elsewhere.
        size: Bytes it must have.
        refused: What to say when the first host refuses.
    """

    url: str
    size: int
    refused: str


class RangeReader:
    """Reads ranges in many threads, and remembers where each file was found.

    Args:
        connections: The way out.
        headers: Sent to the first host only: a signed URL elsewhere carries its own right.
        retry: Budget of each range.
    """

    def __init__(self, connections: Connections, headers: Mapping[str, str], retry: Retry) -> None:
        self._connections = connections
        self._headers = headers
        self._retry = retry
        self._found: dict[str, str] = {}
        self._lock = threading.Lock()

    def read(self, resource: Resource, start: int, view: memoryview) -> None:
        """Fill *view* with the bytes of *resource* from *start* on.

        Raises:
            StagingError: refused, or the budget is spent.
        """
        done = 0

        def attempt() -> None:
            nonlocal done
            while done < len(view):
                done += self._read_some(resource, start + done, view[done:])

        self._retry.run(urlsplit(resource.url).path, attempt)

    def _read_some(self, resource: Resource, start: int, view: memoryview) -> int:
        url, response = self._request(resource, start, start + len(view) - 1)
        try:
            _check_range(response, resource, start)
            count = response.readinto(view)
        except (OSError, HTTPException) as error:
            self._connections.drop(url)
            raise RetryableError(f"connection lost ({describe(error)})") from error
        except (RetryableError, StagingError):
            self._connections.drop(url)
            raise
        if count < len(view):
            self._connections.drop(url)
        if not count:
            raise RetryableError(f"body ended at byte {start} of {resource.size}")
        return count

    def _request(self, resource: Resource, start: int, end: int) -> tuple[str, HTTPResponse]:
        url = self._found.get(resource.url, resource.url)
        for _ in range(_MAX_REDIRECTS):
            response = self._connections.get(url, self._headers_for(url, resource, start, end))
            if response.status in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
                with self._lock:
                    self._found[resource.url] = url
                return url, response
            response.read()
            if response.status not in _REDIRECTS:
                self._fail(resource, url, response)
            url = urljoin(url, response.headers["Location"])
        raise StagingError(f"{resource.url} redirects more than {_MAX_REDIRECTS} times")

    def _headers_for(self, url: str, resource: Resource, start: int, end: int) -> dict[str, str]:
        known = self._headers if _origin(url) == _origin(resource.url) else {}
        return {**known, "Range": f"bytes={start}-{end}", "Accept-Encoding": "identity"}

    def _fail(self, resource: Resource, url: str, response: HTTPResponse) -> None:
        status, elsewhere = response.status, _origin(url) != _origin(resource.url)
        with self._lock:
            moved = self._found.pop(resource.url, None)
        if status == _TOO_MANY or status >= _SERVER_ERROR:
            raise RetryableError(f"HTTP {status}", retry_after(dict(response.headers)))
        if elsewhere or (moved and moved != resource.url):
            raise RetryableError(f"HTTP {status}, the signed URL no longer holds")
        if status in _REFUSALS:
            raise StagingError(resource.refused)
        raise StagingError(f"{resource.url}: HTTP {status}")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that an answer asks to wait; None where it does not say."""
    value = next((text for name, text in headers.items() if name.lower() == "retry-after"), "")
    return float(value) if re.fullmatch(r"\d{1,6}(\.\d+)?", value) else None


def _check_range(response: HTTPResponse, resource: Resource, start: int) -> None:
    if response.status == HTTPStatus.PARTIAL_CONTENT:
        match = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers["Content-Range"] or "")
        if not match or int(match[1]) != start:
            raise RetryableError(f"asked for byte {start}, got another range")
        told = match[2]
    else:
        told = response.headers["Content-Length"] or "*"
        if start:
            raise StagingError(f"{resource.url}: the server ignores ranges; use another mirror")
    if told not in {"*", str(resource.size)}:
        raise StagingError(f"{resource.url}: listed with {resource.size} bytes, but has {told}")


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
