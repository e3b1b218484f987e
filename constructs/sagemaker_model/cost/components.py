"""How many instances the models on a shared endpoint keep awake."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from sagemaker_model.cost.week import Change

_COMPONENT = "AWS::SageMaker::InferenceComponent"
_TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"

Resources: TypeAlias = Mapping[str, Mapping[str, Any]]
Scaling: TypeAlias = Mapping[str, Any]
"""Properties of what scales something; empty where nothing does."""


def scaling_of(resources: Resources, *names: str) -> Scaling:
    """Return what scales a resource.

    Args:
        resources: The template's resources.
        names: What its id in Application Auto Scaling contains: the resource's logical id in
            quotes, or a name of its own.
    """
    for resource in resources.values():
        if resource["Type"] == _TARGET:
            properties = resource["Properties"]
            told = json.dumps(properties.get("ResourceId"))
            if any(name in told for name in names):
                return dict(properties)
    return {}


def changes_of(scaling: Scaling) -> Iterator[Change]:
    """Yield when the least capacity changes."""
    for action in scaling.get("ScheduledActions", []):
        least = action.get("ScalableTargetAction", {}).get("MinCapacity")
        yield Change(action.get("Schedule", ""), least if isinstance(least, int) else None)


def kept_awake(resources: Resources, endpoint: str, least: int) -> tuple[int, tuple[Change, ...]]:
    """Return how many instances there are at the least, and when that changes.

    A copy needs an instance, and one may do for all copies, so that this is a lower bound. Where
    several models have schedules, the last line that is due counts.

    Args:
        resources: The template's resources.
        endpoint: Logical id of the shared endpoint.
        least: The least number of instances of the endpoint itself.
    """
    scalings = [
        scaling_of(resources, f'"{name}"') or _unscaled(component["Properties"])
        for name, component in resources.items()
        if component["Type"] == _COMPONENT and _lies_on(component["Properties"], endpoint)
    ]
    awake = max(1, least)
    busy = [each for each in scalings if each.get("MinCapacity")]
    if any("ScheduledActions" not in each for each in busy):
        return awake, ()
    changes = (change for each in scalings for change in changes_of(each))
    counts = {None: None, 0: least}
    return (awake if busy else least), tuple(
        Change(each.schedule, counts.get(each.least, awake)) for each in changes
    )


def _lies_on(component: Mapping[str, Any], endpoint: str) -> bool:
    adapter = "BaseInferenceComponentName" in component.get("Specification", {})
    return not adapter and f'"{endpoint}"' in json.dumps(component.get("EndpointName"))


def _unscaled(component: Mapping[str, Any]) -> Scaling:
    return {"MinCapacity": component.get("RuntimeConfig", {}).get("CopyCount", 0)}
