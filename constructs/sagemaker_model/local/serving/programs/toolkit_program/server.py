"""One model behind HTTP: the real Hugging Face inference toolkit, as its image runs it.

It runs in the serving environment, by its path: ``python server.py MODEL --listener FD
--lifeline FD``.
It serves ``/ping`` and ``/invocations`` with the answers of multi-model-server 1.1.11, the server
of the image (its answers were recorded and are held by a test), one request after the other.

What differs from the image:

- The model folder is a path of this machine, not ``/opt/ml/model``; ``SAGEMAKER_BASE_DIR`` names
  the folder above it.
- One worker, whatever ``SAGEMAKER_MODEL_SERVER_WORKERS`` says, on the CPU, with one thread.
- A model that does not load ends the program with its traceback, and ``/ping`` answers 200 only
  once it is loaded. The image's model server answers 200 all the same, and then refuses each
  request with what went wrong: there an endpoint is InService that can't answer.
- ``requirements.txt`` is installed beside the environment's packages, not into them.
- What Hugging Face's libraries keep (``HF_HOME``) is one folder for all models of a local AWS,
  where each instance has its own; the toolkit's own download with ``HF_MODEL_ID`` is the model's.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

TOOLKIT = "sagemaker_huggingface_inference_toolkit"
_MODULES = (f"{TOOLKIT}.handler_service", "mms.service", "mms.context", "mms.metrics.metrics_store")
_JSON = {"Content-Type": "application/json"}
# Gson, which writes the model server's errors, escapes these for HTML.
_ESCAPED = str.maketrans({each: f"\\u{ord(each):04x}" for each in "<>&='"})


def preload() -> None:
    """Import what takes seconds; it starts no thread, so that a fork has all of it."""
    for name in _MODULES:
        importlib.import_module(name)


class Model:
    """A model in the toolkit's handler.

    Args:
        folder: The model folder, with ``code/`` in it or without.
    """

    def __init__(self, folder: Path) -> None:
        # Reads SAGEMAKER_BASE_DIR when it is imported, which a fork did before it was set.
        importlib.reload(importlib.import_module("sagemaker_inference.environment"))
        handler, service, context, metrics = map(importlib.import_module, _MODULES)
        self._refusal: type[Exception] = service.PredictionException
        self._headers = context.RequestProcessor
        self._context = context.Context("model", str(folder), {}, 1, None, "1.1.11")
        self._context.request_ids = {0: "0"}
        self._context.metrics = metrics.MetricsStore(self._context.request_ids, "model")
        self._handler = handler.HuggingFaceHandlerService()
        self._one_at_a_time = threading.Lock()

    def load(self) -> None:
        """Run ``model_fn``, or what the toolkit has in its place."""
        self._handler.initialize(self._context)

    def answer(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body of the answer to a request.

        Args:
            body: What was sent.
            headers: Its headers.
        """
        with self._one_at_a_time:
            self._context.request_processor = [self._headers(dict(headers))]
            try:
                given = self._handler.handle([{"body": bytearray(body)}], self._context)[0]
            except self._refusal as error:
                traceback.print_exc()
                status = getattr(error, "error_code", 500)
                return status, _JSON, failure(status, getattr(error, "message", ""))
            status = self._context.get_response_status(0)[0] or 200
            told = {"Content-Type": self._context.get_response_content_type(0)}
            return status, told | self._context.get_response_headers(0), _encoded(given)


class Server(ThreadingHTTPServer):
    """Serves a model that may still be loading.

    Args:
        listener: Where it listens.
    """

    daemon_threads = True
    model: Model | None = None

    def __init__(self, listener: socket.socket) -> None:
        super().__init__(listener.getsockname(), Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up, such as a health check that waited too long."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Answers one connection's requests."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server  # pyright: ignore[reportIncompatibleVariableOverride]

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the model's own lines are the log."""

    def do_GET(self) -> None:
        """Answer as to POST: the model server tells them apart as little."""
        self.do_POST()

    def do_POST(self) -> None:
        """Answer ``/ping`` and ``/invocations``."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/ping":
            return self._ping()
        if self.path != "/invocations":
            why = "Requested resource is not found, please refer to API document."
            return self._send(404, failure(404, why, "ResourceNotFoundException"))
        if self.server.model is None:
            return self._ping()
        status, told, answer = self.server.model.answer(body, dict(self.headers.items()))
        return self._send(status, answer, told)

    def _ping(self) -> None:
        if self.server.model is None:
            why = "the model is being loaded"
            return self._send(503, failure(503, why, "ServiceUnavailableException"))
        return self._send(200, _pretty({"status": "Healthy"}))

    def _send(self, status: int, body: bytes, headers: Mapping[str, str] = _JSON) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def serve(folder: Path, listener: socket.socket) -> None:
    """Load a model and serve it until the process ends.

    Args:
        folder: The model folder; with ``HF_MODEL_ID`` the model comes from the Hub instead, as
            the toolkit has it, whatever the folder holds.
        listener: Where requests come in.
    """
    logging.basicConfig(stream=sys.stdout, format="%(message)s", level=logging.INFO, force=True)
    server = Server(listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    preload()
    model = Model(_from_hub() if "HF_MODEL_ID" in os.environ else folder)
    model.load()
    server.model = model
    signal.pause()


def failure(code: int, message: str, kind: str = "InternalServerException") -> bytes:
    """Return the body of a refusal as the model server writes it.

    Args:
        code: The status of HTTP.
        message: What is told.
        kind: The type that is told. Default: what it tells of all that a handler raises.
    """
    return _pretty({"code": code, "type": kind, "message": message})


def end_with(lifeline: int) -> None:
    """End this process, and all that it started, as soon as a pipe's other end is closed.

    Args:
        lifeline: Descriptor of the end that is read.
    """

    def wait() -> None:
        os.read(lifeline, 1)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=wait, daemon=True).start()


def _from_hub() -> Path:
    utils = importlib.import_module(f"{TOOLKIT}.transformers_utils")
    loaded = utils._load_model_from_hub(  # noqa: SLF001
        model_id=os.environ["HF_MODEL_ID"],
        model_dir=Path.cwd() / ".sagemaker/mms/models",
        revision=os.environ.get("HF_MODEL_REVISION"),
        use_auth_token=os.environ.get("HF_API_TOKEN"),
    )
    return Path(loaded)


def _encoded(given: Any) -> bytes:
    if isinstance(given, (bytes, bytearray)):
        return bytes(given)
    return given.encode() if isinstance(given, str) else json.dumps(given, indent=2).encode()


def _pretty(value: Mapping[str, object]) -> bytes:
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return f"{text.translate(_ESCAPED)}\n".encode()


def main() -> None:
    """Serve the model that the arguments name."""
    parser = argparse.ArgumentParser(description="Serve a model with the Hugging Face toolkit.")
    parser.add_argument("model", type=Path)
    parser.add_argument("--listener", type=int, required=True, help="descriptor of the socket")
    parser.add_argument("--lifeline", type=int, required=True, help="descriptor of a pipe")
    arguments = parser.parse_args()
    end_with(arguments.lifeline)
    serve(arguments.model, socket.socket(fileno=arguments.listener))


if __name__ == "__main__":
    # The files beside this one are none of the model's modules.
    sys.path.pop(0)
    main()
