"""What failed first in the newest change of a stack."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sagemaker_model.aws import Aws
from sagemaker_model.stack_events import Event, stack_events

_STACK = "AWS::CloudFormation::Stack"
# CloudFormation's words for what failed only because something else did.
_TAKEN_DOWN = re.compile(
    r"creation cancelled|update cancelled|resource .* cancelled", re.IGNORECASE
)
_BEGINNING = re.compile(r"(CREATE|UPDATE|IMPORT|DELETE)_IN_PROGRESS")


@dataclass(frozen=True, slots=True)
class Failure:
    """What failed of itself.

    Args:
        events: The events of CloudFormation, the first failure first.
        begun: When the change began; None where there is no event.
    """

    events: tuple[Event, ...]
    begun: dt.datetime | None


def newest_failure(aws: Aws, name: str) -> Failure:
    """Return what failed in the last change of a stack and of the stacks in it.

    Args:
        aws: Makes the clients of AWS.
        name: Name or id of the stack.

    Raises:
        LookupError: There is no such stack, nor was there one.
    """
    change = list(_newest_change(stack_events(aws, name)))
    begun = change[-1]["Timestamp"] if change else None
    return Failure(tuple(_failed(aws, change)), begun)


def _newest_change(events: Iterable[Event]) -> Iterator[Event]:
    """Return the events of the last change that failed, or else of the last, the newest first.

    A failed creation is followed by a deletion, which is no change of its own.
    """
    for event in events:
        yield event
        begins = _is_stack_itself(event) and _BEGINNING.fullmatch(event["ResourceStatus"])
        if begins and event["ResourceStatus"] != "DELETE_IN_PROGRESS":
            return


def _failed(aws: Aws, events: Iterable[Event]) -> Iterator[Event]:
    for event in reversed(list(events)):
        failed = event["ResourceStatus"].endswith("_FAILED")
        reason = event.get("ResourceStatusReason", "")
        if not failed or _is_stack_itself(event) or _TAKEN_DOWN.search(reason):
            continue
        if event["ResourceType"] == _STACK and event.get("PhysicalResourceId"):
            yield from newest_failure(aws, event["PhysicalResourceId"]).events
        else:
            yield event


def _is_stack_itself(event: Event) -> bool:
    """Tell the events of the stack from those of a stack that it nests."""
    of = event.get("PhysicalResourceId")
    return event["ResourceType"] == _STACK and of in {None, event["StackId"]}
