"""SageMaker's contract in front of a program: what goes through, and what is warned of."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from runtime.fake_aws import Reply
from runtime.fake_container import FakeContainer, fake_container
from sagemaker_model.local.serving.limits import REAL_TIME, RequestLimits
from sagemaker_model.runtime import ContainerEndpoint, ModelFailedError
from sagemaker_model.serve.front import WARNING_HEADER, Front
from sagemaker_model.serve.turn import Turn, Turns

_LOADING = "the model is being loaded"
STRICT = RequestLimits("a strict endpoint", 10, 0.0)


@dataclass
class Program:
    """A fake container as the program of a turn."""

    container: FakeContainer
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def port(self) -> int:
        return urlsplit(self.container.url).port or 0

    def stop(self) -> None:
        self.ended.set()


@dataclass
class Served:
    """A front, what is behind it, and what it warned of."""

    front: Front
    container: FakeContainer
    program: Program
    warned: list[str]

    def ask(self, body: object, path: str = "/invocations", **headers: str) -> Told:
        return ask(self.front, body, path, **headers)


class Told(NamedTuple):
    """An answer."""

    status: int
    body: bytes
    headers: http.client.HTTPMessage


def ask(front: Front, body: object, path: str = "/invocations", **headers: str) -> Told:
    told = {"Content-Type": "application/json", **headers}
    with closing(http.client.HTTPConnection("127.0.0.1", front.server_port, timeout=10)) as to:
        to.request("GET" if path == "/ping" else "POST", path, body, told)  # type: ignore[arg-type]
        answer = to.getresponse()
        return Told(answer.status, answer.read(), answer.headers)


@contextmanager
def served(folder: Path, limits: RequestLimits = REAL_TIME) -> Iterator[Served]:
    turns, warned = Turns(), list[str]()
    with (
        fake_container() as container,
        Front(0, turns, limits, engine="toolkit", warn=warned.append) as front,
        front.listening(),
    ):
        program = Program(container)
        turns.give(Turn(program, folder / "first"))
        yield Served(front, container, program, warned)


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as front:
        yield front


def test_status_body_and_type_are_the_programs(front: Served) -> None:
    front.container.say(b'{"a": 1}', status=418, content_type="text/x")

    answer = front.ask(b"{}", Accept="text/y")

    assert (answer.status, answer.body) == (418, b'{"a": 1}')
    assert answer.headers["content-type"] == "text/x"
    assert WARNING_HEADER not in answer.headers
    (asked,) = front.container.asked
    assert (asked.body, asked.headers["accept"]) == ({}, "text/y")


def test_a_health_check_tells_the_engine_too(front: Served) -> None:
    front.container.say(b"[[0.5]]")

    assert front.ask(b"", "/ping")[:2] == (200, b"")
    assert ContainerEndpoint(front.front.url).embed("a text") == [[0.5]]


def test_parts_go_through_before_the_answer_is_whole(front: Served) -> None:
    front.container.say(b"first", hang=True)
    parts = ContainerEndpoint(front.front.url).invoke_stream({})

    assert next(parts).startswith(b"first")
    parts.close()  # type: ignore[attr-defined]
    assert front.container.went.wait(10), "the program was not told that nobody listens"


def test_what_is_too_large_or_slow_for_sagemaker_is_answered_and_warned_of(
    tmp_path: Path,
) -> None:
    with served(tmp_path, STRICT) as front:
        answer = front.ask(b'{"inputs": 1}')

    warning = answer.headers[WARNING_HEADER]
    assert answer.status == 200
    assert "a strict endpoint takes requests of at most 10 bytes (20" in warning
    assert "and this one has 13; a strict endpoint waits 0 seconds for an answer" in warning
    assert "; ".join(front.warned) == warning


def test_a_body_without_a_length_is_refused_as_sagemaker_sends_none(front: Served) -> None:
    assert front.ask(iter([b"{}"])).status == 411
    assert front.container.asked == []


def test_before_the_model_is_loaded_nobody_is_healthy() -> None:
    with Front(0, Turns(), REAL_TIME, engine="toolkit", warn=print) as front, front.listening():
        answers = ask(front, b"", "/ping"), ask(front, b"{}")

    told = {"code": 503, "type": "ServiceUnavailableException", "message": _LOADING}
    assert [(each.status, json.loads(each.body)) for each in answers] == [(503, told)] * 2


def test_the_engine_is_told_before_the_model_is_loaded() -> None:
    with Front(0, Turns(), REAL_TIME, engine="toolkit", warn=print) as front, front.listening():
        assert ContainerEndpoint(front.url).engine == "toolkit"


def test_a_program_that_ends_is_told(front: Served) -> None:
    front.container.answer = lambda _body: None

    with pytest.raises(ModelFailedError, match="the program ended; see its log"):
        ContainerEndpoint(front.front.url).invoke({})


def test_the_next_one_answers_and_the_one_before_ends_when_it_is_done(
    front: Served, tmp_path: Path
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(_body: object) -> Reply:
        begun.set()
        go_on.wait(30)
        return Reply([b"old"])

    front.container.answer = slow
    got = list[Told]()
    asking = threading.Thread(target=lambda: got.append(front.ask(b"{}")))
    asking.start()
    assert begun.wait(10)
    with fake_container() as other:
        other.say(b"new")
        turns = front.front.turns
        giving = threading.Thread(target=turns.give, args=[Turn(Program(other), tmp_path / "b")])
        giving.start()
        while front.ask(b"{}").body != b"new":
            assert giving.is_alive()
        assert not front.program.ended.is_set()
        go_on.set()
        giving.join(10)
        asking.join(10)

    assert [each.body for each in got] == [b"old"]
    assert front.program.ended.is_set()


def test_a_notice_goes_with_each_answer(front: Served) -> None:
    front.front.turns.notice = "the code has changed"

    assert front.ask(b"{}").headers[WARNING_HEADER] == "the code has changed"


def test_a_port_that_is_taken_is_told_with_what_to_do(front: Served) -> None:
    port = front.front.server_port

    with pytest.raises(OSError, match=rf"127\.0\.0\.1:{port} can't be .* choose another .*--port"):
        Front(port, Turns(), REAL_TIME, engine="toolkit", warn=print)
