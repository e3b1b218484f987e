"""What is said to the provider framework, and which errors of AWS pass by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

Answer = Mapping[str, Any]
DONE: Answer = {"IsComplete": True}
NOT_YET: Answer = {"IsComplete": False}

_LONGEST_REASON = 2000
"""Bytes: a response to CloudFormation holds 4,096, of which the framework takes its own part."""
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
        room = _LONGEST_REASON - len(tail.encode())
        super().__init__(reason.encode()[:room].decode(errors="ignore") + tail)


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
