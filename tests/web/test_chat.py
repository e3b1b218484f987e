"""A conversation on a page, without a browser: what is shown, sent and kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sagemaker_model.runtime import (
    OPEN_ASSISTANT,
    Endpoint,
    GenerationStream,
    ModelFailedError,
    Parameters,
    PromptFormat,
)
from sagemaker_model.web.chat import Chat, View, without_last_turn
from sagemaker_model.web.writing import Writings

PARAMETERS: Parameters = {}
LONGEST = 20


class Answering(Endpoint):
    """An endpoint whose streams a test writes."""

    asked: list[Any]
    parts: Callable[[], Iterator[bytes]]

    def chat_stream(self, messages: Any, **_: Any) -> GenerationStream:
        self.asked.append(messages)
        return GenerationStream(self.parts())


def answering(*parts: bytes, fails: Exception | None = None) -> Answering:
    def stream() -> Iterator[bytes]:
        yield from parts
        if fails is not None:
            raise fails

    endpoint = Answering("chat", engine="lmi")
    endpoint.asked, endpoint.parts = [], stream
    return endpoint


def views(endpoint: Endpoint, text: str = "hi", **how: Any) -> list[View]:
    chat = Chat(endpoint=endpoint, writings=Writings())
    said = how.pop("said", [])
    return [*chat.say(text, said, parameters=PARAMETERS, session="one", **how)]


def test_the_question_is_shown_at_once_and_the_answer_in_the_end() -> None:
    first, *_, last = views(answering(b'{"outputs": ["Hel"]}\n', b'{"outputs": ["lo"]}\n'))

    assert first == View(said=[{"role": "user", "content": "hi"}], writing=True)
    assert last.said == [
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": "Hello"},
    ]
    assert not last.writing
    assert last.figures.startswith("2 parts, the first after ")


def test_a_question_without_an_answer_is_given_back() -> None:
    said = [{"role": "user", "content": "before"}]
    last = views(answering(fails=ModelFailedError("out of memory")), said=said)[-1]

    assert (last.said, last.unsaid, last.problem) == (said, "hi", "out of memory")


def test_half_an_answer_is_kept_with_what_went_wrong() -> None:
    last = views(answering(b'{"outputs": ["Hel"]}\n', fails=ModelFailedError("gone")))[-1]

    assert last.said[-1] == {"role": "assistant", "content": "Hel"}
    assert (last.problem, last.unsaid) == ("gone", "")


def test_an_error_of_the_program_is_told_too() -> None:
    assert views(answering(fails=KeyError("x")))[-1].problem == "KeyError: 'x'"


@pytest.mark.parametrize("system", ["", "  \n"])
def test_an_empty_system_prompt_is_not_sent(system: str) -> None:
    endpoint = answering(b'{"outputs": ["a"]}')
    views(endpoint, system=system)

    assert endpoint.asked == [[{"role": "user", "content": "hi"}]]


def test_a_cut_off_answer_says_how_it_goes_on() -> None:
    chunk = b'{"choices": [{"index": 0, "delta": {"content": "a"}, "finish_reason": "length"}]}\n'

    assert views(answering(chunk))[-1].figures.endswith(
        "; cut off, a larger max_new_tokens lets it go on"
    )


def test_there_is_a_place_for_a_system_prompt_where_the_format_has_one() -> None:
    endpoint = answering()
    with_one = PromptFormat(user="{}", assistant="{}", answer="", system="{}")

    takes = [
        Chat(endpoint=endpoint, prompt_format=each, writings=Writings()).takes_system
        for each in (None, OPEN_ASSISTANT, with_one)
    ]
    assert takes == [True, False, True]


def test_whoever_stops_does_not_wait_for_the_endpoint_which_hangs_up_then() -> None:
    goes_on, closed = threading.Event(), threading.Event()

    def parts() -> Iterator[bytes]:
        try:
            yield b'{"outputs": ["begun"]}\n'
            assert goes_on.wait(LONGEST)
            yield b'{"outputs": ["late"]}\n'
            yield b'{"outputs": ["later"]}\n'
        finally:
            closed.set()

    writings = Writings()
    writing = writings.begin("one", lambda: GenerationStream(parts()))
    steps = iter(writing)
    next(steps)
    writings.stop("one")

    assert [each.text for each in steps] == ["begun"]
    assert writing.figures.endswith("; stopped")
    goes_on.set()
    assert closed.wait(LONGEST)


def test_a_page_that_asks_again_stops_its_former_answer_and_no_other_pages() -> None:
    writings = Writings()
    begin = answering().chat_stream

    one = writings.begin("one", lambda: begin([]))
    other = writings.begin("other", lambda: begin([]))
    again = writings.begin("one", lambda: begin([]))

    assert [each.stopped for each in (one, other, again)] == [True, False, False]


def test_an_answer_that_is_stopped_before_it_began_gives_the_question_back() -> None:
    writings = Writings()
    goes_on = threading.Event()

    def parts() -> Iterator[bytes]:
        writings.stop("one")
        goes_on.wait(LONGEST)
        yield b""

    endpoint = answering()
    endpoint.parts = parts
    chat = Chat(endpoint=endpoint, writings=writings)
    *_, last = chat.say("hi", [], parameters=PARAMETERS, session="one")
    goes_on.set()

    assert (last.said, last.unsaid, last.problem) == ([], "hi", "")


def test_an_answer_that_is_not_wanted_any_more_is_not_shown() -> None:
    writings = Writings()

    def parts() -> Iterator[bytes]:
        writings.stop("one", unwanted=True)
        yield b'{"outputs": ["late"]}'

    endpoint = answering()
    endpoint.parts = parts
    chat = Chat(endpoint=endpoint, writings=writings)

    assert len([*chat.say("hi", [], parameters=PARAMETERS, session="one")]) == 1


def test_taking_back_leaves_the_last_question_and_its_answer_out() -> None:
    turn = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]

    assert without_last_turn([*turn, {"role": "user", "content": "c"}]) == (turn, "c")
    assert without_last_turn([]) == ([], "")
