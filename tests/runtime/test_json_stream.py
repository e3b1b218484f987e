"""JSON values arrive whole, wherever a stream is cut."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.recorded import STREAMS, TEXT, UNTOLD
from sagemaker_model.runtime import StreamBrokenError, StreamEvent
from sagemaker_model.runtime.generation import joined
from sagemaker_model.runtime.json_stream import BrokenStreamError, json_values
from sagemaker_model.runtime.stream import GenerationStream

VALUES = st.dictionaries(st.text(max_size=4), st.text(max_size=20) | st.floats(0, 1), max_size=3)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    ends = sorted({place for place in places if place < len(data)})
    return [data[a:b] for a, b in zip([0, *ends], [*ends, len(data)], strict=True)]


def read(*parts: bytes) -> list[StreamEvent]:
    return list(GenerationStream(iter(parts)))


@pytest.mark.parametrize("name", STREAMS)
def test_the_text_is_the_same_wherever_a_stream_is_cut_in_two(name: str) -> None:
    data = STREAMS[name]
    whole = read(data)

    assert joined(whole).text == TEXT
    assert joined(whole).finish_reason == (None if name in UNTOLD else "stop")
    for place in range(len(data)):
        assert read(data[:place], data[place:]) == whole


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_may_come_byte_by_byte(name: str) -> None:
    data = STREAMS[name]

    assert read(*[data[i : i + 1] for i in range(len(data))]) == read(data)


@given(
    values=st.lists(VALUES, min_size=1, max_size=5),
    places=st.lists(st.integers(1, 200), max_size=8),
    prefix=st.sampled_from(["", "data:", "data: "]),
    end=st.sampled_from(["\n", "\n\n", "\r\n", "\r\n\r\n"]),
)
def test_any_values_arrive_whole_however_they_are_sent_and_cut(
    values: list[Any], places: list[int], prefix: str, end: str
) -> None:
    data = "".join(prefix + json.dumps(v, ensure_ascii=False) + end for v in values).encode()

    assert list(json_values(cut(data, places))) == values


def test_each_event_is_there_as_soon_as_its_line_ends() -> None:
    later: list[bytes] = []

    def parts() -> Any:
        yield b'data: {"outputs": ["now"]}\n'
        later.append(b"")
        yield b'data: {"outputs": ["then"]}\n'

    stream = GenerationStream(parts())

    assert next(stream).text == "now"
    assert later == []


def test_nothing_is_read_behind_done() -> None:
    assert list(json_values([b"data: 1\n\ndata: [DONE]\n\ndata: 2\n\n"])) == [1]


def test_an_event_may_have_several_lines() -> None:
    assert list(json_values([b'event: x\ndata: {\ndata:  "a": 1\ndata: }\n\n'])) == [{"a": 1}]


@pytest.mark.parametrize(
    "data",
    [b'data: {"token": {"te', b'data: {"token": {"text": "\xe2\x80', b"no JSON at all"],
    ids=["within an event", "within a character", "another format"],
)
def test_a_stream_that_ends_too_early_is_no_whole_answer(data: bytes) -> None:
    with pytest.raises(BrokenStreamError):
        list(json_values([data]))
    with pytest.raises(StreamBrokenError, match="ended within an event, or holds none"):
        read(data)
