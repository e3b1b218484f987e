"""Custom resources whose stack is deleted while they are being made.

CloudFormation sends a Delete for such a resource too, with a physical id that it makes up, as a
Delete always has one ("Custom resource request objects" of the CloudFormation user guide);
ministack forgets a resource that has not answered yet.
"""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from ministack.core.responses import now_iso
from ministack.services import cloudformation
from ministack.services.cloudformation import custom_resource

HOOKS = (
    "ministack.core.responses:now_iso",
    "ministack.services.cloudformation:_stacks",
    "ministack.services.cloudformation.custom_resource:invoke_custom_resource",
)


def install() -> None:
    """Have a stack know its custom resources from their first moment on."""
    invoke = custom_resource.invoke_custom_resource

    def invoke_known(
        request: str,
        logical_id: str,
        properties: dict[str, Any],
        stack: str,
        *told: Any,
        **ids: Any,
    ) -> Any:
        known = cloudformation._stacks.get(stack, {}).get("_resources", {})  # noqa: SLF001
        if request != "Create" or logical_id in known:
            return invoke(request, logical_id, properties, stack, *told, **ids)
        _, kind = told
        made_up = known[logical_id] = _made_up(stack, logical_id, kind, properties)
        try:
            return invoke(request, logical_id, properties, stack, *told, **ids)
        finally:
            if known.get(logical_id) is made_up:
                del known[logical_id]
            if _is_deleted(stack):
                # The creation ends here: a failure would have it rolled back.
                raise asyncio.CancelledError

    custom_resource.invoke_custom_resource = invoke_known


def _is_deleted(stack: str) -> bool:
    found = cloudformation._stacks.get(stack)  # noqa: SLF001
    return found is None or found["StackStatus"].startswith("DELETE_")


def _made_up(stack: str, logical_id: str, kind: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "PhysicalResourceId": f"{stack}-{logical_id}-{uuid.uuid4().hex[:12].upper()}",
        "ResourceType": kind,
        "ResourceStatus": "CREATE_IN_PROGRESS",
        "LogicalResourceId": logical_id,
        "Properties": properties,
        "Attributes": {},
        "Timestamp": now_iso(),
    }
