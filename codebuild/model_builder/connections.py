"""Open HTTP connections, one per thread and host, through a proxy where one is set."""

from __future__ import annotations

import base64
import ssl
import threading
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from model_builder.errors import RetryableError

_Key = tuple[str, str]


class Connections:
    """Keeps connections open from one request to the next.

    Args:
        timeout: Seconds without a byte after which a connection counts as dead.
        tls: What to trust.
    """

    def __init__(self, timeout: float, tls: ssl.SSLContext) -> None:
        self._timeout = timeout
        self._tls = tls
        self._local = threading.local()

    def get(self, url: str, headers: Mapping[str, str]) -> HTTPResponse:
        """Send a GET; the caller reads the whole body, or calls :meth:`drop`.

        Raises:
            RetryableError: no answer came.
        """
        parts = urlsplit(url)
        proxy = _proxy_for(parts)
        connection = self._connection(parts, proxy)
        target = url if proxy and parts.scheme == "http" else _target(parts)
        extra = _proxy_authorization(proxy) if proxy and parts.scheme == "http" else {}
        try:
            connection.request("GET", target, headers={**headers, **extra})
            return connection.getresponse()
        except (OSError, HTTPException) as error:
            self.drop(url)
            raise RetryableError(f"no answer from {parts.hostname} ({describe(error)})") from error

    def drop(self, url: str) -> None:
        """Close the connection to a URL's host: its state is unknown."""
        parts = urlsplit(url)
        connection = self._open().pop((parts.scheme, parts.netloc), None)
        if connection:
            connection.close()

    def _connection(self, parts: SplitResult, proxy: SplitResult | None) -> HTTPConnection:
        key = (parts.scheme, parts.netloc)
        if key not in self._open():
            self._open()[key] = self._connect(parts, proxy)
        return self._open()[key]

    def _connect(self, parts: SplitResult, proxy: SplitResult | None) -> HTTPConnection:
        host, port = (proxy or parts).hostname or "", (proxy or parts).port
        if parts.scheme == "http":
            return HTTPConnection(host, port, timeout=self._timeout)
        connection = HTTPSConnection(host, port, timeout=self._timeout, context=self._tls)
        if proxy:
            connection.set_tunnel(parts.hostname or "", parts.port, _proxy_authorization(proxy))
        return connection

    def _open(self) -> dict[_Key, HTTPConnection]:
        if not hasattr(self._local, "open"):
            self._local.open = {}
        opened: dict[_Key, HTTPConnection] = self._local.open
        return opened


def describe(error: BaseException) -> str:
    """Name an error that may come without a text."""
    return str(error) or type(error).__name__


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _proxy_for(parts: SplitResult) -> SplitResult | None:
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(parts.netloc):
        return None
    return urlsplit(proxy if "://" in proxy else f"http://{proxy}")


def _proxy_authorization(proxy: SplitResult) -> dict[str, str]:
    if proxy.username is None:
        return {}
    login = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {base64.b64encode(login.encode()).decode()}"}
