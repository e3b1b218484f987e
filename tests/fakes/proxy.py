"""An HTTP proxy that tunnels (CONNECT) to this machine, and remembers where to."""

from __future__ import annotations

import select
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Proxy(ThreadingHTTPServer):
    """The server.

    Args:
        names: Port on this machine that each host name leads to: names that nobody else knows.
    """

    daemon_threads = True

    def __init__(self, names: dict[str, int]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.names = names
        self.tunnels: list[str] = []

    @property
    def url(self) -> str:
        """Where clients find it."""
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that hang up are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    server: Proxy  # pyright: ignore[reportIncompatibleVariableOverride]

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keep the terminal clean."""

    def do_CONNECT(self) -> None:
        host = self.path.rpartition(":")[0]
        self.server.tunnels.append(host)
        if host not in self.server.names:
            return self.send_error(403, "unknown host")
        self.send_response(200)
        self.end_headers()
        with socket.create_connection(("127.0.0.1", self.server.names[host])) as far:
            _relay(self.connection, far)
        return None


def _relay(near: socket.socket, far: socket.socket) -> None:
    other = {near: far, far: near}
    while True:
        for ready in select.select([near, far], [], [])[0]:
            data = ready.recv(1 << 16)
            if not data:
                return
            other[ready].sendall(data)
