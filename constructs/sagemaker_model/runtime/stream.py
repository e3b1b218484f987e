"""An answer that is read while it is written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from types import TracebackType
from typing import Any, Self

from sagemaker_model.runtime.answer.generated import read_event
from sagemaker_model.runtime.aws_failure import told_as_endpoint_errors
from sagemaker_model.runtime.errors import StreamBrokenError
from sagemaker_model.runtime.generation import Generation, StreamEvent, joined
from sagemaker_model.runtime.json_stream import BrokenStreamError, json_values

_SHOWN = 300


class GenerationStream(Iterator[StreamEvent]):
    """The pieces of an answer as they come; to be iterated over once.

    Used with ``with``, or closed, it ends the request even if the answer is not at its end.

    Args:
        parts: The bytes of the answer as they come; closed when the stream is.
    """

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._events = _events(parts)
        self._seen: list[StreamEvent] = []

    def __iter__(self) -> Self:
        """Return the stream itself."""
        return self

    def __next__(self) -> StreamEvent:
        """Wait for the next piece.

        Raises:
            EndpointError: The engine or the connection failed; the type says how.
            StopIteration: The answer is at its end.
        """
        event = next(self._events)
        self._seen.append(event)
        return event

    def __enter__(self) -> Self:
        """Return the stream itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the request."""
        self.close()

    def close(self) -> None:
        """End the request; what came so far stays in :attr:`generation`."""
        _close(self._parts)

    @property
    def generation(self) -> Generation:
        """The answer as far as it was read."""
        return joined(self._seen)


def body_parts(body: Any, timeout: float) -> Iterator[bytes]:
    """Yield the parts of a streamed answer's body; closed, it ends the request.

    Args:
        body: The event stream that boto3 returns.
        timeout: How long the client waits for a part, in seconds, for the message.

    Raises:
        EndpointError: SageMaker or the connection failed; the type says how.
    """
    with closing(body), told_as_endpoint_errors(timeout):
        for event in body:
            if "PayloadPart" in event:
                yield event["PayloadPart"]["Bytes"]


def _events(parts: Iterator[bytes]) -> Iterator[StreamEvent]:
    try:
        yield from map(read_event, json_values(parts))
    except BrokenStreamError as error:
        shown = str(error)[:_SHOWN]
        raise StreamBrokenError(
            f"the stream ended within an event, or holds none: {shown!r}", text=str(error)
        ) from error
    finally:
        _close(parts)


def _close(parts: Iterator[bytes]) -> None:
    close = getattr(parts, "close", None)
    if close is not None:
        close()
