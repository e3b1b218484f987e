"""AWS's side of an endpoint on this machine, over HTTP: SageMaker, its runtime, and objects of S3.

It copies the wire contract of ``InvokeEndpoint``, ``InvokeEndpointWithResponseStream`` and
``InvokeEndpointAsync``, and of the descriptions that tell an endpoint's image; a test says what
the container answers, and what fails. Sources: the SageMaker API reference, and botocore's model.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from runtime.serving import serving
from sagemaker_model.local.runtime import event_stream

ENDPOINT = "chat"


@dataclass
class Reply:
    """What a container answers.

    Args:
        parts: The body, in the parts that it sends, each as soon as it is there.
        status: The status.
        content_type: What the body is.
        stream_error: An error of SageMaker's after the parts of a stream: its name and members.
        hang: Whether nothing comes after the parts, until the client gives up.
        cut: Whether the connection is closed in the middle of the part after the last one.
    """

    parts: Iterable[bytes]
    status: int = 200
    content_type: str = "application/json"
    stream_error: tuple[str, dict[str, Any]] | None = None
    hang: bool = False
    cut: bool = False


@dataclass
class Fault:
    """What AWS itself answers.

    Args:
        status: The status.
        code: AWS's name of the error.
        message: What it says.
        members: Members of the error besides.
    """

    status: int
    code: str
    message: str
    members: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """A request of the runtime.

    Args:
        path: Its path.
        headers: Its headers by lower-case name.
        body: Its body, decoded where it is JSON.
    """

    path: str
    headers: dict[str, str]
    body: Any


class FakeAws:
    """One endpoint, its model and a store of objects.

    Args:
        url: Where it listens.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[Asked] = []
        self.described: list[str] = []
        self.fetched: list[str] = []
        self.endpoints = [ENDPOINT]
        self.objects: dict[str, bytes] = {}
        self.ended = threading.Event()
        self.hung_up = threading.Event()
        self.answer: Callable[[Any], Reply | Fault] = lambda _body: Reply([b"{}"])
        self.image = "763104351884.dkr.ecr.us-east-1.amazonaws.com/tei:2.0.1-tei1.8.2-gpu-py310"
        self.variant: dict[str, Any] = {"VariantName": "AllTraffic", "ModelName": "model"}
        self.component: dict[str, Any] = {"ModelName": "model"}
        self.container: dict[str, Any] | None = None
        self.async_output: dict[str, Any] | None = None
        self.describing_fails: Fault | None = None
        self.forbids_missing_keys = False

    def say(self, value: object, **how: Any) -> None:
        """Have the container answer with JSON, whatever it is asked."""
        reply = Reply([json.dumps(value).encode()], **how)
        self.answer = lambda _body: reply

    def stream(self, *parts: bytes, **how: Any) -> None:
        """Have the container answer in parts."""
        reply = Reply(parts, content_type="text/event-stream", **how)
        self.answer = lambda _body: reply

    def fail(self, status: int, code: str, message: str, **members: Any) -> None:
        """Have AWS itself answer with an error."""
        self.answer = lambda _body: Fault(status, code, message, members)

    @property
    def body(self) -> Any:
        """The body of the only request."""
        (asked,) = self.asked
        return asked.body

    def describe(self, operation: str) -> dict[str, Any]:
        """Answer a description."""
        self.described.append(operation)
        if operation == "ListEndpoints":
            return {"Endpoints": [{"EndpointName": name} for name in self.endpoints]}
        if operation == "DescribeEndpoint":
            return {"EndpointName": ENDPOINT, "EndpointConfigName": "config"}
        if operation == "DescribeEndpointConfig":
            output = {"OutputConfig": self.async_output}
            more = {"AsyncInferenceConfig": output} if self.async_output else {}
            return {"EndpointConfigName": "config", "ProductionVariants": [self.variant], **more}
        if operation == "DescribeInferenceComponent":
            return {"Specification": self.component}
        assert operation == "DescribeModel"
        container = {"Image": self.image} if self.container is None else self.container
        return {"ModelName": "model", "PrimaryContainer": container}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    @property
    def aws(self) -> FakeAws:
        assert isinstance(self.server, _Server)
        return self.server.aws

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        target = self.headers.get("X-Amz-Target", "")
        if target.startswith("SageMaker."):
            self._describe(target.partition(".")[2])
        else:
            self._invoke(body)

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.aws.objects[unquote(self.path).lstrip("/")] = body
        self._send(200, {}, b"")

    def do_GET(self) -> None:
        aws = self.aws
        aws.fetched.append(self.path)
        found = aws.objects.get(unquote(self.path).lstrip("/"))
        if found is not None:
            self._send(200, {"Content-Type": "application/json"}, found)
            return
        status, code = (403, "AccessDenied") if aws.forbids_missing_keys else (404, "NoSuchKey")
        error = f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode()
        self._send(status, {"Content-Type": "application/xml"}, error)

    def _describe(self, operation: str) -> None:
        fails = self.aws.describing_fails
        if fails is not None:
            self._fail(fails)
        else:
            told = self.aws.describe(operation)
            self._send(200, {"Content-Type": "application/x-amz-json-1.1"}, _json(told))

    def _invoke(self, body: bytes) -> None:
        aws = self.aws
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            decoded = json.loads(body)
        except ValueError:
            decoded = body
        aws.asked.append(Asked(self.path, headers, decoded))
        reply = aws.answer(decoded)
        if isinstance(reply, Fault):
            self._fail(reply)
        elif reply.status != 200:
            self._fail(_model_error(reply))
        elif self.path.endswith("/invocations-response-stream"):
            try:
                self._stream(reply)
            except ConnectionError:
                self.aws.hung_up.set()
                self.close_connection = True
        elif self.path.endswith("/async-invocations"):
            told = json.loads(next(iter(reply.parts)))
            headers = {f"X-Amzn-SageMaker-{name}": value for name, value in told.items()}
            self._send(202, headers, _json({"InferenceId": "an-id"}))
        elif reply.hang:
            self._wait()
        else:
            self._send(200, {"Content-Type": reply.content_type}, b"".join(reply.parts))

    def _stream(self, reply: Reply) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/vnd.amazon.eventstream")
        self.send_header("X-Amzn-SageMaker-Content-Type", reply.content_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for part in reply.parts:
            self._send_chunk(event_stream.event("PayloadPart", part))
        if reply.stream_error is not None:
            name, members = reply.stream_error
            self._send_chunk(event_stream.error(name, _json(members)))
        if reply.hang:
            self._wait()
        elif reply.cut:
            self.wfile.write(b"ff\r\ncut")
            self.close_connection = True
        else:
            self.wfile.write(b"0\r\n\r\n")

    def _send_chunk(self, message: bytes) -> None:
        self.wfile.write(f"{len(message):x}\r\n".encode() + message + b"\r\n")
        self.wfile.flush()

    def _wait(self) -> None:
        self.aws.ended.wait(30)
        self.close_connection = True

    def _fail(self, fault: Fault) -> None:
        told = {"__type": fault.code, "Message": fault.message, **fault.members}
        headers = {"Content-Type": "application/json", "x-amzn-ErrorType": fault.code}
        self._send(fault.status, headers, _json(told))

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    # A client that asks many times at once is not to wait for its connections.
    request_queue_size = 128
    aws: FakeAws


@contextmanager
def fake_aws() -> Iterator[FakeAws]:
    """Listen on a free port of this machine."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.aws = FakeAws(f"http://127.0.0.1:{server.server_port}")
        with serving(server, server.aws.ended):
            yield server.aws


def _model_error(reply: Reply) -> Fault:
    text = b"".join(reply.parts).decode()
    whose = "client" if reply.status < 500 else "server"
    members = {"OriginalStatusCode": reply.status, "OriginalMessage": text, "LogStreamArn": "arn"}
    message = f'Received {whose} error ({reply.status}) from primary with message "{text}". See …'
    return Fault(424, "ModelError", message, members)


def _json(value: object) -> bytes:
    return json.dumps(value).encode()
