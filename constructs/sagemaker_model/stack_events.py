"""The events of a stack, also of one that was deleted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from sagemaker_model.aws import Aws

Event = dict[str, Any]

_UNKNOWN = "ValidationError"


def stack_events(aws: Aws, name: str) -> Iterator[Event]:
    """Yield the events of a stack, the newest first.

    Args:
        aws: Makes the clients of AWS.
        name: Name or id of the stack; one that was deleted is still known for 90 days.

    Raises:
        LookupError: There is no such stack, nor was there one.
    """
    cloudformation = aws.client("cloudformation")
    pages = cloudformation.get_paginator("describe_stack_events")
    try:
        for page in pages.paginate(StackName=name):
            yield from page["StackEvents"]
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") != _UNKNOWN:
            raise
        deleted = _deleted(cloudformation, name)
        if deleted is None:
            raise LookupError(name) from error
        for page in pages.paginate(StackName=deleted):
            yield from page["StackEvents"]


def _deleted(cloudformation: Any, name: str) -> str | None:
    """Return the id of the stack of that name that was deleted last; None where none was."""
    pages = cloudformation.get_paginator("list_stacks").paginate(
        StackStatusFilter=["DELETE_COMPLETE"]
    )
    found = [each for page in pages for each in page["StackSummaries"] if each["StackName"] == name]
    newest = max(found, key=lambda each: each["DeletionTime"], default=None)
    return None if newest is None else str(newest["StackId"])
