"""An answer of an endpoint that a test sends part by part."""

from __future__ import annotations

from collections.abc import Iterator
from queue import SimpleQueue

from runtime.fake_aws import Reply
from runtime.recorded import STREAMS

CHAT = [part + b"\n\n" for part in STREAMS["vLLM chat"].split(b"\n\n") if part]
"""The events of vLLM's stream: who speaks, the text's five pieces, the end, the usage, the mark."""
_LONGEST = 30.0


class Steps:
    """The parts of one answer, each sent when the test says so."""

    def __init__(self) -> None:
        self._parts: SimpleQueue[bytes | None] = SimpleQueue()

    def __iter__(self) -> Iterator[bytes]:
        while (part := self._parts.get(timeout=_LONGEST)) is not None:
            yield part

    def send(self, *parts: bytes) -> None:
        for part in parts:
            self._parts.put(part)

    def end(self) -> None:
        self._parts.put(None)

    def reply(self) -> Reply:
        return Reply(self, content_type="text/event-stream")
