"""A container of SageMaker's contract on this machine: ``/ping`` and ``/invocations``.

Source: "Use Your Own Inference Code with Hosting Services",
https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from runtime.fake_aws import Asked, Reply
from runtime.serving import serving
from sagemaker_model.runtime.container_client import ENGINE_HEADER


class FakeContainer:
    """A container; a test says what it answers.

    Args:
        url: Where it listens.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine: str | None = None
        self.asked: list[Asked] = []
        self.ended = threading.Event()
        self.went = threading.Event()
        self.chunked = True
        self.answer: Callable[[Any], Reply | None] = lambda _body: Reply([b"{}"])

    def say(self, *parts: bytes, **how: Any) -> None:
        """Answer with these parts, whatever is asked; see :class:`Reply`."""
        reply = Reply(parts, **how)
        self.answer = lambda _body: reply


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    @property
    def container(self) -> FakeContainer:
        assert isinstance(self.server, _Server)
        return self.server.container

    def do_GET(self) -> None:
        assert self.path == "/ping"
        self.send_response(200)
        if self.container.engine is not None:
            self.send_header(ENGINE_HEADER, self.container.engine)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        decoded = json.loads(body) if headers["content-type"] == "application/json" else body
        self.container.asked.append(Asked(self.path, headers, decoded))
        reply = self.container.answer(decoded)
        self.close_connection = True
        if reply is not None:
            try:
                self._send(reply)
            except ConnectionError:
                self.container.went.set()

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        if not self.container.chunked:
            length = len(b"".join(reply.parts)) + reply.cut
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(b"".join(reply.parts))
            return
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for part in reply.parts:
            self._chunk(part)
        if reply.hang:
            # What nobody takes any longer is told by the system after some more of it.
            while not self.container.ended.wait(0.01):
                self._chunk(b" ")
        self.wfile.write(b"ff\r\ncut" if reply.cut else b"0\r\n\r\n")

    def _chunk(self, part: bytes) -> None:
        self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")


class _Server(ThreadingHTTPServer):
    container: FakeContainer


@contextmanager
def fake_container() -> Iterator[FakeContainer]:
    """Listen on a free port of this machine."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.container = FakeContainer(f"http://127.0.0.1:{server.server_port}")
        with serving(server, server.container.ended):
            yield server.container
