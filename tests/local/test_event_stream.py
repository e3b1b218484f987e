"""The encoding that streamed answers come in, read by botocore."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.eventstream import EventStreamBuffer
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_model.local.runtime import event_stream


def read(*parts: bytes) -> list[tuple[Any, Any]]:
    buffer = EventStreamBuffer()
    for part in parts:
        buffer.add_data(part)
    return [(message.headers, message.payload) for message in buffer]


@given(payload=st.binary(max_size=2000), cut=st.integers(0, 2100))
def test_an_event_cut_anywhere_arrives_whole(payload: bytes, cut: int) -> None:
    message = event_stream.event("PayloadPart", payload)
    ((headers, arrived),) = read(message[:cut], message[cut:])
    assert arrived == payload
    assert headers[":event-type"] == "PayloadPart"
    assert headers[":message-type"] == "event"


def test_an_error_arrives_as_an_exception() -> None:
    ((headers, payload),) = read(event_stream.error("ModelStreamError", b'{"Message": "late"}'))
    assert headers[":message-type"] == "exception"
    assert headers[":exception-type"] == "ModelStreamError"
    assert payload == b'{"Message": "late"}'


def test_a_changed_byte_is_noticed() -> None:
    message = bytearray(event_stream.event("PayloadPart", b"weights"))
    message[-5] ^= 1
    with pytest.raises(Exception, match=r"[Cc]hecksum"):
        read(bytes(message))
