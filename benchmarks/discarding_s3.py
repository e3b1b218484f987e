"""An S3 that takes everything and keeps nothing but sizes: what a sender can do at most.

Run it by hand: ``python benchmarks/discarding_s3.py [--tls CERT KEY]``; the first line is its URL.
"""

from __future__ import annotations

import argparse
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

_BUFFER = 1 << 20


class Sink(ThreadingHTTPServer):
    """The server: sizes of objects, and of the parts of uploads."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, tls: tuple[str, str] | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.sizes: dict[str, int] = {}
        self.parts: dict[str, int] = {}
        self.small: dict[str, bytes] = {}
        self.lock = threading.Lock()
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if tls else None
        if self.tls and tls:
            self.tls.load_cert_chain(*tls)

    def finish_request(self, request: Any, client_address: Any) -> None:
        wrapped = self.tls.wrap_socket(request, server_side=True) if self.tls else request
        super().finish_request(wrapped, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Sink  # pyright: ignore[reportIncompatibleVariableOverride]

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keep the terminal clean."""

    def do_PUT(self) -> None:
        key, query = self._target()
        size = self._discard(int(self.headers.get("Content-Length", 0)))
        with self.server.lock:
            if "uploadId" in query:
                self.server.parts[key] = self.server.parts.get(key, 0) + size
            else:
                self.server.sizes[key] = size
        self._answer(200, "", ETag='"0"')

    def do_POST(self) -> None:
        key, query = self._target()
        self._discard(int(self.headers.get("Content-Length", 0)))
        if "uploads" in query:
            self.server.parts[key] = 0
            return self._answer(
                200,
                "<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key>"
                "<UploadId>u</UploadId></InitiateMultipartUploadResult>",
            )
        self.server.sizes[key] = self.server.parts.pop(key)
        result = "<CompleteMultipartUploadResult><ETag>0</ETag></CompleteMultipartUploadResult>"
        return self._answer(200, result)

    def do_GET(self) -> None:
        key, query = self._target()
        if "uploads" in query:
            return self._answer(200, "<ListMultipartUploadsResult/>")
        if "list-type" not in query:
            return self._answer(404, "<Error><Code>NoSuchKey</Code></Error>")
        prefix = query.get("prefix", [""])[0]
        rows = "" if "delimiter" in query else self._rows(f"{key.rstrip('/')}/{prefix}", key)
        return self._answer(200, f"<ListBucketResult>{rows}</ListBucketResult>")

    def do_HEAD(self) -> None:
        size = self.server.sizes.get(self._target()[0])
        self.send_response(404 if size is None else 200)
        self.send_header("Content-Length", str(size or 0))
        self.send_header("ETag", '"0"')
        self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
        self.end_headers()

    def do_DELETE(self) -> None:
        self._answer(204, "")

    def _rows(self, prefix: str, bucket: str) -> str:
        return "".join(
            f"<Contents><Key>{key.removeprefix(bucket.rstrip('/') + '/')}</Key>"
            f"<Size>{size}</Size><ETag>0</ETag></Contents>"
            for key, size in self.server.sizes.items()
            if key.startswith(prefix)
        )

    def _target(self) -> tuple[str, dict[str, list[str]]]:
        parts = urlsplit(self.path)
        return unquote(parts.path), parse_qs(parts.query, keep_blank_values=True)

    def _discard(self, size: int) -> int:
        """Take a body; without TLS the kernel drops it, and nothing is copied."""
        if not size:
            return 0
        rest = size - len(self.rfile.read(min(size, len(self.rfile.peek()[:size]))))  # type: ignore[attr-defined]
        if self.server.tls:
            while rest > 0:
                rest -= len(self.rfile.read(min(rest, _BUFFER)))
        scratch = bytearray(_BUFFER)
        while rest > 0:
            count = self.connection.recv_into(scratch, min(rest, _BUFFER), socket.MSG_TRUNC)
            if not count:
                break
            rest -= count
        return size

    def _answer(self, status: int, text: str, **headers: str) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description="An S3 that keeps nothing.")
    parser.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"))
    arguments = parser.parse_args()
    sink = Sink(tuple(arguments.tls) if arguments.tls else None)
    print(f"{'https' if sink.tls else 'http'}://127.0.0.1:{sink.server_port}", flush=True)
    sink.serve_forever()


if __name__ == "__main__":
    main()
