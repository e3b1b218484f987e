"""SageMaker's container contract in front of the worker that answers now.

Whatever the worker answers goes through as it is. What SageMaker would refuse is only warned of, in
a header and in the log: what is not allowed there may be tried here.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from sagemaker_model.local.serving.answers import StreamedAnswer
from sagemaker_model.local.serving.limits import AS_OF, RequestLimits
from sagemaker_model.local.serving.loopback import ask_streamed
from sagemaker_model.runtime.container_client import ENGINE_HEADER
from sagemaker_model.serve.turn import Turns

WARNING_HEADER = "X-SageMaker-Model-Warning"
"""Header of an answer that says what SageMaker would not have done so."""

_JSON = {"Content-Type": "application/json"}
_OF_A_CONNECTION = frozenset({"connection", "keep-alive", "transfer-encoding", "host"})
# Nobody waits so long; a worker that hangs ends with the command.
_LONGEST = 24 * 3600.0
_STOP_WITHIN = 0.05


class Front(ThreadingHTTPServer):
    """Listens on this machine alone.

    Args:
        port: Where; 0 is a free port.
        turns: The workers.
        limits: What SageMaker allows.
        engine: Name of the engine, for clients that ask for it.
        warn: Takes each warning, on the thread of the request.

    Raises:
        OSError: The port is taken; the message says what to do.
    """

    daemon_threads = True

    def __init__(
        self,
        port: int,
        turns: Turns,
        limits: RequestLimits,
        *,
        engine: str,
        warn: Callable[[str], None],
    ) -> None:
        try:
            super().__init__(("127.0.0.1", port), _Handler)
        except OSError as error:
            raise OSError(
                f"127.0.0.1:{port} can't be listened at ({error.strerror}); choose another port "
                "with --port, or --port 0 for a free one"
            ) from error
        self.turns, self.limits, self.engine, self.warn = turns, limits, engine, warn

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that hang up, and of workers that end within an answer."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Answer requests inside the block."""
        thread = threading.Thread(target=self.serve_forever, args=(_STOP_WITHIN,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Front  # pyright: ignore[reportIncompatibleVariableOverride]

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the program's own lines are the log."""

    def do_GET(self) -> None:
        """Answer as the worker does."""
        self._forward()

    def do_POST(self) -> None:
        """Answer as the worker does."""
        self._forward()

    def _forward(self) -> None:
        if "Transfer-Encoding" in self.headers:
            self.close_connection = True
            return self._refuse(
                HTTPStatus.LENGTH_REQUIRED,
                "send the body with its Content-Length, as SageMaker does",
            )
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.server.turns.at_work() as worker:
            if worker is None:
                return self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "the model is being loaded")
            begun = time.monotonic()
            try:
                answer = ask_streamed(
                    worker.port, self.path, body, self._asked(), _LONGEST, method=self.command
                )
            except ConnectionError:
                return self._refuse(
                    HTTPStatus.INTERNAL_SERVER_ERROR, "the program ended; see its log"
                )
            self._send(answer, self._warnings(len(body), time.monotonic() - begun))
        return None

    def _asked(self) -> dict[str, str]:
        return {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in _OF_A_CONNECTION
        }

    def _warnings(self, size: int, seconds: float) -> list[str]:
        limits, told = self.server.limits, list[str]()
        if size > limits.largest_body:
            told.append(
                f"{limits.hosting} takes requests of at most {limits.largest_body:,} bytes "
                f"({AS_OF}), and this one has {size:,}"
            )
        if seconds > limits.longest_answer:
            told.append(
                f"{limits.hosting} waits {limits.longest_answer:g} seconds for an answer "
                f"({AS_OF}), and this one took {seconds:.1f}"
            )
        return told

    def _send(self, answer: StreamedAnswer, warnings: list[str]) -> None:
        headers = {
            name: value
            for name, value in answer.headers.items()
            if name.lower() not in _OF_A_CONNECTION
        }
        for warning in warnings:
            self.server.warn(warning)
        notice = self.server.turns.notice
        told = [notice, *warnings] if notice else warnings
        if told:
            headers[WARNING_HEADER] = "; ".join(told)
        whole = "content-length" in headers
        # Where the client hangs up, the program need not go on.
        with closing(answer):
            self._begin(answer.status, headers if whole else {**headers, "Connection": "close"})
            for part in answer.parts:
                self.wfile.write(part)
                self.wfile.flush()

    def _refuse(self, status: HTTPStatus, message: str) -> None:
        # In the form of multi-model-server, the toolkit's own.
        kind = f"{status.phrase.title().replace(' ', '')}Exception"
        body = json.dumps({"code": status, "type": kind, "message": message}, indent=2).encode()
        self._begin(status, {**_JSON, "Content-Length": str(len(body))})
        self.wfile.write(body)

    def _begin(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response_only(status)
        if self.path == "/ping":
            self.send_header(ENGINE_HEADER, self.server.engine)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
