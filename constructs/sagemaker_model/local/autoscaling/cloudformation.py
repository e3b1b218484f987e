"""Application Auto Scaling's resource types of CloudFormation."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from sagemaker_model.local.autoscaling.api import call
from sagemaker_model.local.emulator.resources import (
    Properties,
    Resource,
    ResourceType,
    add_resource_type,
)
from sagemaker_model.local.emulator.services import ApiError

_IDENTITY = ("ResourceId", "ScalableDimension", "ServiceNamespace")


def install() -> None:
    """Have CloudFormation know the types."""
    add_resource_type(
        ResourceType(
            name="AWS::ApplicationAutoScaling::ScalableTarget",
            create=_create_target,
            update=_update_target,
            delete=_delete_target,
            replaced_by=_IDENTITY,
        )
    )
    add_resource_type(
        ResourceType(
            name="AWS::ApplicationAutoScaling::ScalingPolicy",
            create=_create_policy,
            update=lambda _id, properties: _create_policy("", properties),
            delete=_delete_policy,
            replaced_by=("PolicyName", "ScalingTargetId", *_IDENTITY),
        )
    )


def _create_target(_name: str, properties: Properties) -> Resource:
    registered = {name: value for name, value in properties.items() if name != "ScheduledActions"}
    registered.pop("Tags", None)
    call("RegisterScalableTarget", registered)
    identity = {name: properties[name] for name in _IDENTITY}
    for action in properties.get("ScheduledActions", []):
        call("PutScheduledAction", {**action, **identity})
    id_ = "|".join(str(properties[name]) for name in _IDENTITY)
    return Resource(id_, {"Id": id_})


def _update_target(_id: str, properties: Properties) -> Resource:
    identity = {name: properties[name] for name in _IDENTITY}
    for action in call("DescribeScheduledActions", _described(identity))["ScheduledActions"]:
        gone = {**identity, "ScheduledActionName": action["ScheduledActionName"]}
        call("DeleteScheduledAction", gone)
    return _create_target("", properties)


def _delete_target(_id: str, properties: Properties) -> None:
    with suppress(ApiError):
        call("DeregisterScalableTarget", {name: properties[name] for name in _IDENTITY})


def _create_policy(_name: str, properties: Properties) -> Resource:
    told = call("PutScalingPolicy", _policy(properties))
    return Resource(told["PolicyARN"], {"Arn": told["PolicyARN"]})


def _delete_policy(_id: str, properties: Properties) -> None:
    policy = _policy(properties)
    with suppress(ApiError):
        named = {name: policy[name] for name in ("PolicyName", *_IDENTITY)}
        call("DeleteScalingPolicy", named)


def _policy(properties: Properties) -> dict[str, Any]:
    """Return a policy with the identity of its target, which the template may name by its id."""
    policy = dict(properties)
    if "ScalingTargetId" in policy:
        policy |= dict(zip(_IDENTITY, policy.pop("ScalingTargetId").split("|"), strict=True))
    names = {
        "TargetTrackingScalingPolicyConfiguration",
        "StepScalingPolicyConfiguration",
        "PolicyName",
        "PolicyType",
        *_IDENTITY,
    }
    return {name: value for name, value in policy.items() if name in names}


def _described(identity: dict[str, Any]) -> dict[str, Any]:
    wanted = {name: identity[name] for name in ("ServiceNamespace", "ResourceId")}
    return wanted | {"ScalableDimension": identity["ScalableDimension"]}
