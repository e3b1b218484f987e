"""JSON values out of a stream of bytes, however its parts cut them.

Engines write them as server-sent events (TGI, vLLM, SGLang, llama.cpp), one a line (LMI), or send
one bare value (what does not stream). All are lines, and a line ends at a byte that no other
character of UTF-8 holds.

Source of the events: "Server-sent events" of the HTML standard.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

_DATA = b"data:"
_OTHER_FIELDS = (b":", b"event:", b"id:", b"retry:")
_DONE = b"[DONE]"
# A value over several lines ends where one of them begins with one of these.
_CLOSING = (b"}", b"]")


class BrokenStreamError(ValueError):
    """A stream that ended within a value, or holds none."""


def json_values(parts: Iterable[bytes]) -> Iterator[Any]:
    """Yield each JSON value of a stream as soon as it is whole.

    Args:
        parts: The bytes as they come, cut anywhere.

    Raises:
        BrokenStreamError: What is left at the end is no JSON.
    """
    begun: list[bytes] = []
    for line in _payloads(parts):
        if not begun and line.strip() == _DONE:
            return
        begun.append(line)
        if len(begun) == 1 or line.startswith(_CLOSING):
            try:
                value = json.loads(b"\n".join(begun))
            except ValueError:
                continue
            begun = []
            yield value
    if begun:
        left = b"\n".join(begun)
        raise BrokenStreamError(left.decode(errors="replace"))


def _payloads(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what lines carry, without the fields of events that carry no data."""
    for line in _lines(parts):
        if line.startswith(_DATA):
            yield line.removeprefix(_DATA).removeprefix(b" ")
        elif line.strip() and not line.startswith(_OTHER_FIELDS):
            yield line


def _lines(parts: Iterable[bytes]) -> Iterator[bytes]:
    left = bytearray()
    for part in parts:
        # Only the new part is searched: a long line may come in many.
        *whole, rest = part.split(b"\n")
        for line in whole:
            yield bytes(left + line).removesuffix(b"\r")
            left.clear()
        left += rest
    if left:
        yield bytes(left).removesuffix(b"\r")
