"""What came of one request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

_CLIENT_ERRORS = range(400, 500)
# Of these statuses of a container, none says that the request does not suit the model.
_REQUEST_TIMEOUT, _FAILED, _TOO_MANY = 408, 424, 429
_OVERLOADED = frozenset({0, _REQUEST_TIMEOUT, _TOO_MANY, 503, 504})
# Of an inference component without copies ("Scale an endpoint to zero instances").
_NO_CAPACITY = "no capacity"
_LONGEST = 400


class Kind(Enum):
    """What an answer says of the model."""

    ANSWERED = "answered"
    """It answered, and as expected."""
    WRONG = "wrong"
    """It answered something else."""
    REFUSED = "refused"
    """The container says that the request is none for it."""
    BROKEN = "broken"
    """The container failed."""
    BUSY = "busy"
    """The container did not answer in time, or has too much to do."""
    UNREACHABLE = "unreachable"
    """The container was not asked at all, which says nothing of the model."""
    ASLEEP = "asleep"
    """There was no instance that could have answered."""


@dataclass(frozen=True)
class Outcome:
    """What came of one request.

    Args:
        kind: What it says of the model.
        text: What was answered, or why nothing was.
        status: The container's status of HTTP; 0 where there is none.
    """

    kind: Kind
    text: str
    status: int = 0

    @property
    def final(self) -> bool:
        """Whether asking again will hardly change it."""
        return self.kind in {Kind.WRONG, Kind.REFUSED}

    def __str__(self) -> str:
        """Say it in one line, with no more than the first part of the answer."""
        status = f" (status {self.status})" if self.status else ""
        return f"{self.kind.value}{status}: {' '.join(self.text[:_LONGEST].split())}"


def of_status(status: int, text: str) -> Outcome:
    """Return what a container's error says.

    Args:
        status: Its status of HTTP; 0 where it gave none in time.
        text: Its words.
    """
    if status in _OVERLOADED:
        return Outcome(Kind.BUSY, text, status)
    if status in _CLIENT_ERRORS and status != _FAILED:
        return Outcome(Kind.REFUSED, text, status)
    return Outcome(Kind.BROKEN, text, status)


def of_error(response: Mapping[str, Any]) -> Outcome:
    """Return what an error of boto3 says: ``ModelError`` is the container's, all else AWS's.

    Source: errors of InvokeEndpoint in the SageMaker Runtime API reference.

    Args:
        response: The error's response.
    """
    error = response.get("Error", {})
    code, message = str(error.get("Code", "")), str(error.get("Message", ""))
    if code == "ValidationError" and _NO_CAPACITY in message:
        return Outcome(Kind.ASLEEP, message)
    if code != "ModelError":
        return Outcome(Kind.UNREACHABLE, f"{code}: {message}")
    status = int(response.get("OriginalStatusCode") or 0)
    return of_status(status, str(response.get("OriginalMessage") or message))
