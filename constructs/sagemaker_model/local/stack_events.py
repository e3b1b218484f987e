"""What CloudFormation does with each resource, as it happens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sagemaker_model.local.assembly import StackOf
from sagemaker_model.local.clients import Clients

_STACK = "AWS::CloudFormation::Stack"


@dataclass(frozen=True)
class StackEvent:
    """One event of a stack.

    Args:
        stack: Name of the stack.
        what: The resource, by its path in the app where that is known.
        kind: Its type, such as ``AWS::SageMaker::Endpoint``.
        status: Such as ``CREATE_IN_PROGRESS``.
        reason: Why, where CloudFormation says.
        at: When it was.
    """

    stack: str
    what: str
    kind: str
    status: str
    reason: str
    at: dt.datetime

    @property
    def begins(self) -> bool:
        """Whether something begins with it, so that another event will end it."""
        return self.status.endswith("_IN_PROGRESS")

    @property
    def failed(self) -> bool:
        """Whether it tells of a failure."""
        return self.status.endswith("_FAILED") or self.status.endswith("ROLLBACK_COMPLETE")


class StackEvents:
    """Asks for the events of stacks, each once, from a moment on.

    Args:
        clients: Clients of the local AWS.
        stacks: The stacks.
        since: Events before that are old.
    """

    def __init__(self, clients: Clients, stacks: Sequence[StackOf], since: dt.datetime) -> None:
        self._clients = clients
        self._stacks = stacks
        self._since = since
        self._seen: set[str] = set()
        # A deleted stack is found by its id alone.
        self._ids: dict[str, str] = {}

    def news(self) -> list[StackEvent]:
        """Return what has happened since the last call, the oldest first."""
        return sorted(
            (event for stack in self._stacks for event in self._news(stack)),
            key=lambda event: event.at,
        )

    def _news(self, stack: StackOf) -> list[StackEvent]:
        from botocore.exceptions import ClientError

        cloudformation = self._clients.client("cloudformation", stack.region)
        name = self._ids.get(stack.name, stack.name)
        try:
            found = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        except ClientError:
            # It is not there yet, or not any more.
            return []
        new = [each for each in found if self._is_new(each)]
        self._seen.update(each["EventId"] for each in new)
        if new:
            self._ids[stack.name] = new[0]["StackId"]
        return [_event(stack, each) for each in reversed(new)]

    def _is_new(self, event: dict[str, Any]) -> bool:
        return event["EventId"] not in self._seen and event["Timestamp"] >= self._since


def _event(stack: StackOf, event: dict[str, Any]) -> StackEvent:
    kind, logical_id = event["ResourceType"], event["LogicalResourceId"]
    path = stack.paths.get(logical_id, "").removeprefix(f"{stack.name}/")
    return StackEvent(
        stack=stack.name,
        what="the stack" if kind == _STACK else path.removesuffix("/Resource") or logical_id,
        kind=kind,
        status=event["ResourceStatus"],
        reason=event.get("ResourceStatusReason", ""),
        at=event["Timestamp"],
    )
