"""Tell CloudFormation what came of it."""

from __future__ import annotations

import json
import os
import ssl
import urllib.request
from collections.abc import Mapping
from itertools import accumulate
from typing import Any

_LONGEST_REASON = 2000
"""Bytes as JSON: a response holds 4,096 ("Custom resource response objects")."""


def response(event: Mapping[str, Any], failure: str | None) -> dict[str, str]:
    """Return the response to a request of CloudFormation.

    The physical id never changes, so that no update deletes anything.

    Args:
        event: The request.
        failure: Why it failed; None where it did not.
    """
    logical_id = event["LogicalResourceId"]
    return {
        "Status": "FAILED" if failure else "SUCCESS",
        "Reason": _cut(failure or ""),
        "PhysicalResourceId": event.get("PhysicalResourceId") or f"smoke-test-{logical_id}",
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": logical_id,
    }


def send(url: str, told: Mapping[str, str]) -> None:
    """Send a response to the address that CloudFormation has signed for it.

    Args:
        url: The address.
        told: The response.
    """
    body = json.dumps(told).encode()
    headers = {"content-type": "", "content-length": str(len(body))}
    put = urllib.request.Request(url, body, headers, method="PUT")  # noqa: S310 - CloudFormation's
    # Where boto3 trusts authorities of its own, so does this.
    trusted = ssl.create_default_context(cafile=os.environ.get("AWS_CA_BUNDLE"))
    urllib.request.urlopen(put, timeout=30, context=trusted).close()  # noqa: S310


def _cut(text: str) -> str:
    """Return as much of a text as a response has room for."""
    sizes = accumulate(len(json.dumps(character)) - len('""') for character in text)
    return text[: sum(size <= _LONGEST_REASON for size in sizes)]
