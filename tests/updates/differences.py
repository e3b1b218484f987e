"""What CloudFormation would do to each resource to get from one template to another.

Which properties can't be changed in place is told by the schemas of the resource types.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

MADE, DELETED, LEFT, REPLACED, IN_PLACE = "made", "deleted", "left", "replaced", "in place"

# A custom resource is replaced when its function answers with another physical id, which these
# properties make; ``Request.own_id`` of the handlers.
_PHYSICAL_ID = {
    "Custom::SageMakerModelWeights": frozenset({"Bucket", "Prefix"}),
    "Custom::SageMakerModelStore": frozenset({"Bucket"}),
    "Custom::SageMakerModelManifest": frozenset({"ManifestUri"}),
}

Resource = Mapping[str, Any]
Resources = Mapping[str, Resource]


def effects(before: Resources, after: Resources) -> frozenset[str]:
    """Return what becomes of the resources as texts, each a type and an effect.

    One that goes while another of its type comes counts as replaced, as it is for a reader.
    """
    done = {
        (_kind(after.get(id_) or before[id_]), effect)
        for id_, effect in differences(before, after).items()
    }
    for kind in {kind for kind, _ in done}:
        if {(kind, MADE), (kind, DELETED)} <= done:
            done = done - {(kind, MADE), (kind, DELETED)} | {(kind, REPLACED)}
    return frozenset(f"{kind} {effect}" for kind, effect in done)


def _kind(resource: Resource) -> str:
    return str(resource["Type"].rpartition("::")[2])


def differences(before: Resources, after: Resources) -> dict[str, str]:
    """Return what becomes of each resource, by its logical id; nothing for those that stay."""
    replaced = _replaced(before, after)
    done = dict.fromkeys(replaced, REPLACED)
    for id_ in before.keys() & after.keys() - replaced:
        if _changed(before[id_], after[id_], replaced):
            done[id_] = IN_PLACE
    done |= dict.fromkeys(after.keys() - before.keys(), MADE)
    return done | {id_: _removed(before[id_]) for id_ in before.keys() - after.keys()}


def _removed(resource: Resource) -> str:
    """Say what becomes of a resource that is in no template any more."""
    return LEFT if resource.get("DeletionPolicy") == "Retain" else DELETED


def _replaced(before: Resources, after: Resources) -> set[str]:
    """Go on until no further one is replaced because of another that is."""
    replaced: set[str] = set()
    while True:
        more = {
            id_
            for id_ in before.keys() & after.keys() - replaced
            if _changed(before[id_], after[id_], replaced) & create_only(after[id_]["Type"])
        }
        if not more:
            return replaced
        replaced |= more


def _changed(before: Resource, after: Resource, replaced: set[str]) -> set[str]:
    """Return the properties that differ, by their text or by what they refer to."""
    old, new = before.get("Properties", {}), after.get("Properties", {})
    differing = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    return differing | {name for name in new if replaced & set(_references(new[name]))}


def _references(value: Any) -> Iterator[str]:
    """Give the logical ids that a property asks for."""
    if isinstance(value, list):
        for each in value:
            yield from _references(each)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key == "Ref":
                yield inner
            elif key == "Fn::GetAtt":
                yield inner[0]
            else:
                yield from _references(inner)


@cache
def create_only(kind: str) -> frozenset[str]:
    """Return the properties of a resource type whose change replaces the resource."""
    if kind.startswith("Custom::"):
        return frozenset({"ServiceToken"}) | _PHYSICAL_ID.get(kind, frozenset())
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
    paths = [path.split("/") for path in schema.get("createOnlyProperties", ())]
    return frozenset(parts[2] for parts in paths if len(parts) == 3)
