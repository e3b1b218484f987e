"""A container is asked by its URL as an endpoint is asked by its name."""

from __future__ import annotations

import json
import socket

import pytest

from runtime.fake_aws import Reply
from runtime.fake_container import FakeContainer
from runtime.recorded import STREAMS, TEXT
from sagemaker_model.runtime import (
    ContainerEndpoint,
    Endpoint,
    EndpointError,
    InvalidRequestError,
    ModelFailedError,
    OverloadedError,
    StreamBrokenError,
    TimedOutError,
)
from sagemaker_model.runtime.container_client import ContainerClient


def test_an_answer_comes_as_the_container_gives_it(container: FakeContainer) -> None:
    container.say(b"\x00\xff", content_type="application/x-npy")
    asked = ContainerEndpoint(container.url)

    answer = asked.invoke(b"raw", content_type="image/png", accept="application/x-npy")

    assert (answer.body, answer.content_type) == (b"\x00\xff", "application/x-npy")
    (request,) = container.asked
    assert (request.path, request.body) == ("/invocations", b"raw")
    assert request.headers["content-type"] == "image/png"
    assert request.headers["accept"] == "application/x-npy"


def test_an_answer_of_known_length_is_read_as_well(container: FakeContainer) -> None:
    container.chunked = False
    container.say(b"[1]", b"")
    asked = ContainerEndpoint(container.url)

    assert asked.invoke({}).json() == [1]
    assert b"".join(asked.invoke_stream({})) == b"[1]"


def test_the_container_tells_its_engine(container: FakeContainer) -> None:
    container.engine = "vllm"
    container.say(STREAMS["vLLM chat"], content_type="text/event-stream")

    with ContainerEndpoint(container.url).chat_stream("hello") as stream:
        assert "".join(event.text for event in stream) == TEXT


def test_a_client_of_a_container_serves_an_endpoint_too(container: FakeContainer) -> None:
    container.say(b"[[0.5]]")
    client = ContainerClient(container.url, timeout=5)

    assert Endpoint("any", client=client, engine="tei").embed("a text") == [[0.5]]


def test_parts_come_before_the_answer_is_whole(container: FakeContainer) -> None:
    container.say(b"first", hang=True)
    parts = ContainerEndpoint(container.url).invoke_stream({})

    assert next(parts).startswith(b"first")
    parts.close()  # type: ignore[attr-defined]
    assert container.went.wait(10), "the container was not told that nobody listens"


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, InvalidRequestError), (503, OverloadedError), (500, ModelFailedError)],
)
@pytest.mark.parametrize("ask", ["invoke", "invoke_stream"])
def test_a_refusal_has_the_containers_status_and_words(
    container: FakeContainer, status: int, kind: type[EndpointError], ask: str
) -> None:
    container.say(json.dumps({"error": "in its words"}).encode(), status=status)

    with pytest.raises(kind) as caught:
        getattr(ContainerEndpoint(container.url), ask)({})

    assert (caught.value.status, caught.value.text) == (status, "in its words")


@pytest.mark.parametrize("chunked", [True, False])
def test_a_stream_that_breaks_off_is_told(container: FakeContainer, chunked: bool) -> None:
    container.chunked = chunked
    container.say(b"first", cut=True)
    parts = ContainerEndpoint(container.url).invoke_stream({})

    assert next(parts) == b"first"
    with pytest.raises(StreamBrokenError, match="the container ended it"):
        list(parts)


def test_a_connection_that_is_closed_without_an_answer_is_told(container: FakeContainer) -> None:
    container.answer = lambda _body: None

    with pytest.raises(EndpointError, match="closed before we received a valid response"):
        ContainerEndpoint(container.url).invoke({})


@pytest.mark.parametrize("ask", ["invoke", "invoke_stream"])
def test_silence_is_a_time_out(container: FakeContainer, ask: str) -> None:
    def wait(_body: object) -> Reply:
        container.ended.wait(30)
        return Reply([])

    container.answer = wait

    with pytest.raises(TimedOutError, match=r"nothing came for 0\.05 seconds"):
        getattr(ContainerEndpoint(container.url, timeout=0.05), ask)({})


@pytest.mark.parametrize("ask", ["invoke", "invoke_stream", "chat"])
def test_a_port_where_nothing_listens_is_told(ask: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with pytest.raises(EndpointError, match=rf"http://127\.0\.0\.1:{port} \(.*refused"):
        getattr(ContainerEndpoint(f"http://127.0.0.1:{port}"), ask)("hello")


def test_an_engine_that_is_not_told_must_be_given(container: FakeContainer) -> None:
    with pytest.raises(ValueError, match=r"does not tell its engine; give engine= .*vllm"):
        ContainerEndpoint(container.url).chat("hello")


def test_nothing_is_queued_at_a_container(container: FakeContainer) -> None:
    with pytest.raises(ValueError, match="nothing is queued; use invoke"):
        ContainerEndpoint(container.url).invoke_async({})


@pytest.mark.parametrize("behind", ["", "/", "/invocations"])
def test_the_address_of_requests_is_the_containers_too(
    container: FakeContainer, behind: str
) -> None:
    ContainerEndpoint(container.url + behind).invoke({})

    assert container.asked[0].path == "/invocations"


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://host", "http://", "http://u:p@host", "http://host?a=b"]
)
def test_a_url_that_names_no_container_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"http://127\.0\.0\.1:8080"):
        ContainerEndpoint(url)
