"""What is sent, as bytes."""

from __future__ import annotations

import json


def as_bytes(payload: object) -> bytes:
    """Return a payload as it is sent: bytes and text as they are, all else as JSON.

    Args:
        payload: The payload.

    Raises:
        TypeError: It can't be written as JSON.
        ValueError: It holds a number that JSON has not, or refers to itself.

    >>> as_bytes({"inputs": "hello"})
    b'{"inputs": "hello"}'
    """
    if isinstance(payload, bytes | bytearray | memoryview):
        return bytes(payload)
    if isinstance(payload, str):
        return payload.encode()
    try:
        return json.dumps(payload, allow_nan=False).encode()
    except TypeError as error:
        raise TypeError(
            f"the payload can't be written as JSON: {error}; give bytes, text, or lists, "
            "dictionaries, texts and numbers"
        ) from error
