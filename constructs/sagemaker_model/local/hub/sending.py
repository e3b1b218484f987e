"""How a Hub sends: answers, refusals, files in ranges, and what goes wrong on the way."""

from __future__ import annotations

import json
import os
import re
import socket
import struct
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import BinaryIO

from .control import Fault

_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
_PARTIAL = 206
_STEP = 1 << 20
_LONGEST_STALL = 60


class Sender(BaseHTTPRequestHandler):
    """Sends the answers of one connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    rate = 0
    uses_tls = False

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep the terminal clean."""

    def answer(self, status: int, body: object, **headers: str) -> None:
        """Send an answer.

        Args:
            status: The status of HTTP.
            body: Bytes as they are, all else as JSON.
            headers: More headers.
        """
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def refuse(self, status: int, code: str, message: str, **headers: str) -> None:
        """Refuse a request in the Hub's form.

        Args:
            status: The status of HTTP.
            code: What clients tell refusals apart by (``X-Error-Code``).
            message: What is told to people.
            headers: More headers.
        """
        told = {"X-Error-Code": code, "X-Error-Message": message}
        self.answer(status, {"error": message}, **told, **headers)

    def send_file(self, file: Path, etag: str, commit: str, fault: Fault) -> None:
        """Send a file, or the range of it that was asked for.

        Args:
            file: The file.
            etag: Its ETag.
            commit: The commit that it is of; empty tells none.
            fault: What goes wrong while its body is sent.
        """
        size = file.stat().st_size
        start, end = 0, size - 1
        asked = _RANGE.fullmatch(self.headers.get("Range", ""))
        if asked:
            start, end = int(asked[1]), min(int(asked[2] or size - 1), size - 1)
            if start > end:
                return self.answer(416, b"", **{"Content-Range": f"bytes */{size}"})
        self.send_response(_PARTIAL if asked else 200)
        told = {"Content-Length": str(end - start + 1), "ETag": f'"{etag}"'}
        told |= {"X-Repo-Commit": commit} if commit else {}
        told |= {"Content-Range": f"bytes {start}-{end}/{size}"} if asked else {}
        for name, value in {**told, "Accept-Ranges": "bytes"}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self._send_body(file, start, end - start + 1, fault)
        return None

    def stall(self) -> None:
        """Say nothing until the client hangs up."""
        self.close_connection = True
        self.connection.settimeout(_LONGEST_STALL)
        try:
            self.connection.recv(1)
        except OSError:
            return

    def reset(self) -> None:
        """Hang up at once."""
        self.close_connection = True
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()

    def _send_body(self, file: Path, start: int, count: int, fault: Fault) -> None:
        count, whole = min(count, fault.get("cut", count)), count
        self.wfile.flush()
        with file.open("rb") as source:
            if self.uses_tls or self.rate or "corrupt" in fault:
                self._copy(source, start, count, fault.get("corrupt"))
            else:
                while count > 0 and (
                    sent := os.sendfile(self.connection.fileno(), source.fileno(), start, count)
                ):
                    start, count = start + sent, count - sent
        if "cut" in fault and fault["cut"] < whole:
            self.close_connection = True

    def _copy(self, source: BinaryIO, start: int, count: int, corrupt: int | None) -> None:
        source.seek(start)
        step = max(1, min(_STEP, self.rate // 20)) if self.rate else _STEP
        began, sent = time.monotonic(), 0
        while count > sent and (data := source.read(min(step, count - sent))):
            if corrupt is not None and sent <= corrupt < sent + len(data):
                at = corrupt - sent
                data = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
            self.connection.sendall(data)
            sent += len(data)
            if self.rate:
                time.sleep(max(0.0, began + sent / self.rate - time.monotonic()))
