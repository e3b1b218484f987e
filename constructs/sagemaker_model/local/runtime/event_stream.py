"""Amazon's event stream encoding, in which InvokeEndpointWithResponseStream answers.

Source: the encoding's specification in the Transcribe developer guide ("Event stream encoding") and
Smithy's ``vnd.amazon.eventstream``.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from zlib import crc32

_STRING = 7


def event(name: str, payload: bytes, content_type: str = "application/octet-stream") -> bytes:
    """Return an event as a message.

    Args:
        name: The event's type, for example ``PayloadPart``.
        payload: What it carries.
        content_type: The type of the payload.
    """
    headers = {":event-type": name, ":content-type": content_type, ":message-type": "event"}
    return _message(headers, payload)


def error(name: str, payload: bytes) -> bytes:
    """Return an exception as a message.

    Args:
        name: The exception's type, for example ``ModelStreamError``.
        payload: Its members as JSON.
    """
    headers = {
        ":exception-type": name,
        ":content-type": "application/json",
        ":message-type": "exception",
    }
    return _message(headers, payload)


def _message(headers: Mapping[str, str], payload: bytes) -> bytes:
    encoded = b"".join(_header(name, value) for name, value in headers.items())
    # Both lengths, each checksum and the sum of all before it.
    prelude = struct.pack(">II", len(encoded) + len(payload) + 16, len(encoded))
    checked = prelude + struct.pack(">I", crc32(prelude)) + encoded + payload
    return checked + struct.pack(">I", crc32(checked))


def _header(name: str, value: str) -> bytes:
    text = value.encode()
    return (
        struct.pack(">B", len(name)) + name.encode() + struct.pack(">BH", _STRING, len(text)) + text
    )
