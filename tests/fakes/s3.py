"""Amazon S3 on this machine: moto's server, made stricter, with faults on command.

Run it by hand: ``python tests/fakes/s3.py --port 9000``. Besides what moto does, a body whose
``x-amz-checksum-crc32`` is wrong is refused, as S3 refuses it, and so are copies whose conditions
do not hold (``x-amz-copy-source-if-match``, ``If-None-Match``). ``POST /_control`` takes
``{"faults": [{"match": "PUT .*model", "times": 2, "status": 503, "code": "SlowDown"}]}``, where a
fault without ``status`` hangs up; ``GET /_requests`` tells what was asked since then.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import re
import socket
import threading
import zlib
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote, unquote

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

Start = Callable[[str, list[tuple[str, str]]], object]
Environ = dict[str, Any]


class StrictS3:
    """A WSGI application around moto's.

    Args:
        inner: moto's application.
    """

    def __init__(self, inner: Callable[[Environ, Start], Iterable[bytes]]) -> None:
        self._inner = inner
        self._lock = threading.Lock()
        # moto looks whether an object is there, and writes it later: S3 does both at once.
        self._new = threading.Lock()
        self._faults: list[dict[str, Any]] = []
        self._requests: list[str] = []

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if path == "/_control":
            self._faults, self._requests = json.loads(body).get("faults", []), []
            return _answer(start, "200 OK", b"{}")
        if path == "/_requests":
            return _answer(start, "200 OK", json.dumps(self._requests).encode())
        request = f"{environ['REQUEST_METHOD']} {path}" + (f"?{query}" if query else "")
        source = environ.get("HTTP_X_AMZ_COPY_SOURCE")
        self._requests.append(f"{request} from {source}" if source else request)
        fault = self._fault_for(request)
        if fault:
            return _fail(environ, start, fault)
        if not _checksum_holds(environ, body):
            return _answer(start, "400 Bad Request", _error("BadDigest"))
        environ["wsgi.input"] = io.BytesIO(body)
        if "HTTP_IF_NONE_MATCH" not in environ:
            return self._do(environ, start, request, source)
        with self._new:
            return self._do(environ, start, request, source)

    def _do(
        self, environ: Environ, start: Start, request: str, source: str | None
    ) -> Iterable[bytes]:
        if source and not self._conditions_hold(environ, source):
            return _answer(start, "412 Precondition Failed", _error("PreconditionFailed"))
        return self._ask_moto(environ, start, of_upload="uploadId=" in request)

    def _conditions_hold(self, environ: Environ, source: str) -> bool:
        wanted = environ.get("HTTP_X_AMZ_COPY_SOURCE_IF_MATCH")
        if wanted and self._etag(environ, f"/{unquote(source).lstrip('/')}") not in {wanted, None}:
            return False
        new = environ.get("HTTP_IF_NONE_MATCH") == "*"
        return not (new and self._etag(environ, environ["PATH_INFO"]))

    def _etag(self, environ: Environ, path: str) -> str | None:
        asked = {name: value for name, value in environ.items() if not name.startswith("HTTP_")}
        asked |= {"REQUEST_METHOD": "HEAD", "PATH_INFO": path, "QUERY_STRING": ""}
        asked |= {name: environ[name] for name in ("HTTP_HOST", "HTTP_AUTHORIZATION")}
        asked |= {"wsgi.input": io.BytesIO()}
        asked |= {"CONTENT_LENGTH": "0", "RAW_URI": quote(path), "REQUEST_URI": quote(path)}
        told: list[list[tuple[str, str]]] = []
        list(self._inner(asked, lambda _, headers, *__: told.append(headers)))
        return {name.lower(): value for name, value in told[0]}.get("etag")

    def _ask_moto(self, environ: Environ, start: Start, *, of_upload: bool) -> Iterable[bytes]:
        told: list[tuple[str, list[tuple[str, str]]]] = []
        try:
            answer = self._inner(
                environ, lambda status, headers, *_: told.append((status, headers))
            )
        except Exception:
            if not of_upload:
                raise
            told, answer = [("500 Internal Server Error", [])], []
        if of_upload and told[0][0].startswith("500"):
            # moto falls over an upload that is gone, where S3 says so.
            return _answer(start, "404 Not Found", _error("NoSuchUpload"))
        start(*told[0])
        return answer

    def _fault_for(self, request: str) -> dict[str, Any] | None:
        with self._lock:
            for fault in self._faults:
                if re.search(fault["match"], request) and fault.get("times", 1) > 0:
                    fault["times"] = fault.get("times", 1 << 30) - 1
                    return fault
        return None


def _fail(environ: Environ, start: Start, fault: dict[str, Any]) -> Iterable[bytes]:
    if "status" not in fault:
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        raise ConnectionAbortedError
    return _answer(start, f"{fault['status']} Injected", _error(fault.get("code", "InternalError")))


def _checksum_holds(environ: Environ, body: bytes) -> bool:
    told = environ.get("HTTP_X_AMZ_CHECKSUM_CRC32")
    return not body or told in {
        None,
        base64.b64encode(zlib.crc32(body).to_bytes(4, "big")).decode(),
    }


def _error(code: str) -> bytes:
    return f"<Error><Code>{code}</Code><Message>told to</Message></Error>".encode()


def _answer(start: Start, status: str, body: bytes) -> Iterable[bytes]:
    start(status, [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
    return [body]


def main() -> None:
    """Serve until stopped; the first line printed is the URL."""
    parser = argparse.ArgumentParser(description="Amazon S3 on this machine.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"))
    arguments = parser.parse_args()
    application = StrictS3(DomainDispatcherApplication(create_backend_app))
    tls = tuple(arguments.tls) if arguments.tls else None
    server = make_server("127.0.0.1", arguments.port, application, threaded=True, ssl_context=tls)
    print(f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
