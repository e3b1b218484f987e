"""What is said to the provider framework, and which errors of AWS pass by themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import accumulate
from typing import Any

from botocore.exceptions import ClientError

Answer = Mapping[str, Any]
DONE: Answer = {"IsComplete": True}
NOT_YET: Answer = {"IsComplete": False}

_LONGEST_REASON = 2000
"""Bytes as JSON: a response to CloudFormation holds 4,096; ids and framework take about 1,200."""
_SERVER_ERROR = 500
# CodeBuild's answer while as many builds wait as an account may have. All of these have status 400.
_BUSY = frozenset(
    {
        "AccountLimitExceededException",
        "RequestTimeout",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
# S3 answers a deletion of many objects with status 200, and tells of each that failed.
_BROKEN = frozenset({"InternalError", "ServiceUnavailable", "SlowDown"})


class StagingError(RuntimeError):
    """It can't be done.

    Args:
        reason: Why, and what to do.
        address: Where more stands; kept whole, however long the reason is.
    """

    def __init__(self, reason: str, address: str = "") -> None:
        tail = f" (log: {address})" if address else ""
        super().__init__(_cut(reason, _LONGEST_REASON - _size(tail)) + tail)


def code_of(error: ClientError) -> str:
    """Return AWS's name of an error."""
    return str(error.response.get("Error", {}).get("Code", ""))


def passes(error: ClientError) -> bool:
    """Return whether the same request may succeed half a minute later.

    Args:
        error: What was answered after boto3's own tries.
    """
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= _SERVER_ERROR or code_of(error) in _BUSY | _BROKEN


def _cut(text: str, room: int) -> str:
    """Return as much of *text* as takes *room* bytes as JSON."""
    sizes = accumulate(_size(character) for character in text[:room])
    return text[: sum(size <= room for size in sizes)]


def _size(text: str) -> int:
    return len(json.dumps(text)) - len('""')
