"""Resource types that ministack's CloudFormation lacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ministack.services.cloudformation import provisioners, stacks

HOOKS = (
    "ministack.services.cloudformation.provisioners:_RESOURCE_HANDLERS",
    "ministack.services.cloudformation.provisioners:_REPLACING_PROPERTIES",
    "ministack.services.cloudformation.provisioners:_CUSTOM_NAME_REPLACEMENT",
    "ministack.services.cloudformation.provisioners:_STACK_TAG_PROPERTY",
    "ministack.services.cloudformation.provisioners:_physical_name",
    "ministack.services.cloudformation.stacks:_add_event",
    "ministack.services.cloudformation.stacks:_runs_on_worker_thread",
)

Properties = Mapping[str, Any]
_LONGEST_NAME = 63
_WITH_ID = 2
_waiting: set[str] = set()
# Physical ids of what failed just now, by stack and logical id.
_failed: dict[tuple[str, str], str] = {}


class FailedResourceError(ValueError):
    """A resource that was made, and does not work.

    Args:
        reason: What CloudFormation tells.
        physical_id: Its physical id, which its event has all the same.
    """

    def __init__(self, reason: str, physical_id: str) -> None:
        super().__init__(reason)
        self.physical_id = physical_id


@dataclass(frozen=True)
class Resource:
    """One resource as CloudFormation knows it.

    Args:
        id: Its physical id, what ``Ref`` gives.
        attributes: What ``Fn::GetAtt`` gives, by name.
    """

    id: str
    attributes: Mapping[str, str]


@dataclass(frozen=True)
class ResourceType:
    """How CloudFormation makes one type of resource.

    Args:
        name: The type, for example ``AWS::SageMaker::Model``.
        create: Makes one of a physical name and properties.
        update: Changes one in place: its id and its new properties.
        delete: Deletes one; one that is gone already is not a mistake.
        name_property: The property that holds the physical name. Default: it has none.
        replaced_by: Properties whose change makes a new one (``createOnlyProperties`` of its
            schema). Default: none.
    """

    name: str
    create: Callable[[str, Properties], Resource]
    update: Callable[[str, Properties], Resource]
    delete: Callable[[str, Properties], None]
    name_property: str | None = None
    replaced_by: tuple[str, ...] = ()


def add_resource_type(kind: ResourceType) -> None:
    """Have CloudFormation know a type; its functions may wait.

    Args:
        kind: The type.
    """
    provisioners._RESOURCE_HANDLERS[kind.name] = {  # noqa: SLF001
        "create": _creating(kind),
        "update": _updating(kind),
        "update_with_logical_id": True,
        "delete": kind.delete,
    }
    provisioners._REPLACING_PROPERTIES[kind.name] = kind.replaced_by  # noqa: SLF001
    provisioners._STACK_TAG_PROPERTY[kind.name] = ("Tags", "list")  # noqa: SLF001
    if kind.name_property:
        names = provisioners._CUSTOM_NAME_REPLACEMENT  # noqa: SLF001
        names[kind.name] = {"name": kind.name_property}
    _waiting.add(kind.name)


def install() -> None:
    """Have the types that were added run where they may wait, not on the event loop.

    Events of resources that failed get the physical id, as on AWS.
    """
    waits = stacks._runs_on_worker_thread  # noqa: SLF001
    stacks._runs_on_worker_thread = lambda name: name in _waiting or waits(name)  # noqa: SLF001
    add = stacks._add_event  # noqa: SLF001

    def add_event(stack_id: str, stack: str, logical_id: str, *told: Any, **more: Any) -> None:
        _, status, *reason = told
        known = _failed.pop((stack, logical_id), "") if status.endswith("_FAILED") else ""
        if known and len(reason) < _WITH_ID:
            more.setdefault("physical_id", known)
        add(stack_id, stack, logical_id, *told, **more)

    stacks._add_event = add_event  # noqa: SLF001


def _creating(kind: ResourceType) -> Callable[..., tuple[str, dict[str, str]]]:
    def create(logical_id: str, properties: Properties, stack: str) -> tuple[str, dict[str, str]]:
        named = properties.get(kind.name_property) if kind.name_property else None
        name = named or provisioners._physical_name(  # noqa: SLF001
            stack, logical_id, max_len=_LONGEST_NAME
        )
        try:
            return _as_tuple(kind.create(name, properties))
        except FailedResourceError as error:
            _failed[stack, logical_id] = error.physical_id
            raise

    return create


def _updating(kind: ResourceType) -> Callable[..., tuple[str, dict[str, str]]]:
    def update(
        physical_id: str,
        _old: Properties,
        new: Properties,
        stack: str,
        logical_id: str,
    ) -> tuple[str, dict[str, str]]:
        try:
            return _as_tuple(kind.update(physical_id, new))
        except ValueError:
            _failed[stack, logical_id] = physical_id
            raise

    return update


def _as_tuple(resource: Resource) -> tuple[str, dict[str, str]]:
    return resource.id, dict(resource.attributes)
