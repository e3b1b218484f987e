"""How the emulator sends an answer that comes in parts."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from typing import Any

from sagemaker_model.local.emulator.services import each_part, send_parts

PARTS = [b"one", b"two", b"three", b"four"]


class Answer:
    """Parts, and whether no more of them are wanted."""

    def __init__(self) -> None:
        self.made: list[bytes] = []
        self.is_over = False

    def parts(self) -> Generator[bytes, None, None]:
        try:
            for part in PARTS:
                self.made.append(part)
                yield part
        finally:
            self.is_over = True


def send(answer: Answer, *, leaves_after: int = 0) -> list[bytes]:
    """Send an answer to a client, and return what came; the client may leave after some parts."""
    got: list[bytes] = []

    async def run() -> None:
        left = asyncio.Event()

        async def take(message: dict[str, Any]) -> None:
            got.append(message["body"])
            if len(got) == leaves_after:
                left.set()

        async def leave() -> dict[str, str]:
            await left.wait()
            return {"type": "http.disconnect"}

        await send_parts(each_part(answer.parts()), take, leave)

    asyncio.run(run())
    return got


def test_all_parts_are_sent_and_then_the_end() -> None:
    answer = Answer()

    assert send(answer) == [*PARTS, b""]
    assert answer.is_over


def test_a_client_that_leaves_ends_the_answer() -> None:
    answer = Answer()

    assert send(answer, leaves_after=2) == PARTS[:2]
    assert answer.made == PARTS[:3]
    assert answer.is_over
