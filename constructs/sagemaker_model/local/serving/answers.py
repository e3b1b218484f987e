"""What a model's program answers, and how it says that it can't."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass

ANSWERED_BY = "x-local-aws"
"""Header of each answer that another program gave than the container's own; it names that."""


class ServingError(Exception):
    """A model that can't be served; its text is the reason that its endpoint fails."""


@dataclass(frozen=True)
class Answer:
    """An answer.

    Args:
        status: The status of HTTP.
        headers: The headers, by lower-case name.
        body: The body.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class StreamedAnswer:
    """An answer that comes in parts.

    Args:
        status: The status of HTTP.
        headers: The headers, by lower-case name.
        parts: The parts of the body as they come.
    """

    status: int
    headers: Mapping[str, str]
    parts: Iterator[bytes]

    def close(self) -> None:
        """End the request, whether or not all parts have come."""
        if isinstance(self.parts, Generator):
            self.parts.close()
