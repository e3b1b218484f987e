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
    "ministack.services.cloudformation.stacks:_runs_on_worker_thread",
)

Properties = Mapping[str, Any]
_LONGEST_NAME = 63
_waiting: set[str] = set()


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
    """Have the types that were added run where they may wait, not on the event loop."""
    waits = stacks._runs_on_worker_thread  # noqa: SLF001
    stacks._runs_on_worker_thread = lambda name: name in _waiting or waits(name)  # noqa: SLF001


def _creating(kind: ResourceType) -> Callable[..., tuple[str, dict[str, str]]]:
    def create(logical_id: str, properties: Properties, stack: str) -> tuple[str, dict[str, str]]:
        named = properties.get(kind.name_property) if kind.name_property else None
        name = named or provisioners._physical_name(  # noqa: SLF001
            stack, logical_id, max_len=_LONGEST_NAME
        )
        return _as_tuple(kind.create(name, properties))

    return create


def _updating(kind: ResourceType) -> Callable[..., tuple[str, dict[str, str]]]:
    def update(
        physical_id: str,
        _old: Properties,
        new: Properties,
        _stack: str,
        _logical_id: str | None = None,
    ) -> tuple[str, dict[str, str]]:
        return _as_tuple(kind.update(physical_id, new))

    return update


def _as_tuple(resource: Resource) -> tuple[str, dict[str, str]]:
    return resource.id, dict(resource.attributes)
