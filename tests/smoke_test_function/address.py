"""An address of this machine, where a custom resource answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

_PATIENCE = 10


@contextmanager
def listening() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Take what a custom resource answers, at an address of this machine."""
    told: list[dict[str, Any]] = []

    class Address(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Address) as server:
        thread = threading.Thread(target=server.handle_request, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", told
        thread.join(_PATIENCE)
