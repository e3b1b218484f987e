"""Application Auto Scaling's API: scalable targets, scaling policies, scheduled actions.

They are checked and kept, and told of; nothing is scaled, as a machine has no more to give.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

from sagemaker_model.local import limits
from sagemaker_model.local.emulator import scope
from sagemaker_model.local.emulator.services import ApiError, Request, Response

TARGET = "AnyScaleFrontendService."
Parameters = Mapping[str, Any]
_targets: MutableMapping[str, dict[str, Any]] = scope.store()
_policies: MutableMapping[str, dict[str, Any]] = scope.store()
_actions: MutableMapping[str, dict[str, Any]] = scope.store()
_IDENTITY = ("ServiceNamespace", "ResourceId", "ScalableDimension")
_ROLE = "role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/"
_NAME = "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"


def answer(request: Request) -> Response:
    """Answer a request.

    Raises:
        ApiError: AWS would refuse it.
    """
    operation = request.headers.get("x-amz-target", "").removeprefix(TARGET)
    told = call(operation, json.loads(request.body or b"{}"))
    body = json.dumps(told).encode()
    return Response(200, {"Content-Type": "application/x-amz-json-1.1"}, body)


def call(operation: str, parameters: Parameters) -> dict[str, Any]:
    """Call an operation.

    Args:
        operation: Its name, for example ``RegisterScalableTarget``.
        parameters: Its parameters.

    Raises:
        ApiError: AWS would refuse it, or it is none of those that the local AWS has.
    """
    limits.check("application-autoscaling", operation, parameters)
    if operation not in _OPERATIONS:
        raise ApiError("UnknownOperationException", f"the local AWS has no operation {operation}")
    return _OPERATIONS[operation](parameters)


def _register(parameters: Parameters) -> dict[str, Any]:
    key = _key(parameters)
    if key not in _targets and not {"MinCapacity", "MaxCapacity"} <= parameters.keys():
        raise ApiError("ValidationException", "A new target needs MinCapacity and MaxCapacity.")
    role = f"arn:aws:iam::{scope.account()}:{_ROLE}{_NAME}"
    old = _targets.get(key) or {"CreationTime": time.time(), "RoleARN": role}
    _targets[key] = {**old, **parameters, "ScalableTargetARN": _arn("scalable-target", key)}
    return {"ScalableTargetARN": _targets[key]["ScalableTargetARN"]}


def _deregister(parameters: Parameters) -> dict[str, Any]:
    key = _key(parameters)
    if key not in _targets:
        raise _missing("scalable target", key)
    for kept in (_policies, _actions):
        for name in [name for name, each in kept.items() if _key(each) == key]:
            del kept[name]
    del _targets[key]
    return {}


def _put(kept: MutableMapping[str, dict[str, Any]], kind: str, name: str) -> Callable[..., Any]:
    def put(parameters: Parameters) -> dict[str, Any]:
        key = _key(parameters)
        if key not in _targets:
            raise ApiError(
                "ObjectNotFoundException",
                f"No scalable target registered for namespace: {parameters['ServiceNamespace']}, "
                f"resource ID: {parameters['ResourceId']}",
            )
        arn = _arn("scalingPolicy" if kind == "Policy" else "scheduledAction", key)
        record = {**parameters, f"{kind}ARN": arn, "CreationTime": time.time()}
        kept[f"{key}|{parameters[name]}"] = record
        return {"PolicyARN": arn, "Alarms": []} if kind == "Policy" else {}

    return put


def _delete(kept: MutableMapping[str, dict[str, Any]], name: str) -> Callable[..., Any]:
    def delete(parameters: Parameters) -> dict[str, Any]:
        key = f"{_key(parameters)}|{parameters[name]}"
        if key not in kept:
            raise _missing(name, key)
        del kept[key]
        return {}

    return delete


def _describe(kept: MutableMapping[str, dict[str, Any]], told: str) -> Callable[..., Any]:
    def describe(parameters: Parameters) -> dict[str, Any]:
        ids = parameters.get("ResourceIds") or [parameters.get("ResourceId")]
        return {
            told: [
                each for each in kept.values() if ids in ([None], []) or each["ResourceId"] in ids
            ]
        }

    return describe


def _key(parameters: Parameters) -> str:
    return "|".join(str(parameters[name]) for name in _IDENTITY)


def _arn(kind: str, key: str) -> str:
    made = uuid.uuid5(uuid.NAMESPACE_URL, key)
    return f"arn:aws:application-autoscaling:{scope.region()}:{scope.account()}:{kind}/{made}"


def _missing(what: str, key: str) -> ApiError:
    return ApiError("ObjectNotFoundException", f"No {what} found for {key}")


_OPERATIONS: dict[str, Callable[[Parameters], dict[str, Any]]] = {
    "RegisterScalableTarget": _register,
    "DeregisterScalableTarget": _deregister,
    "DescribeScalableTargets": _describe(_targets, "ScalableTargets"),
    "PutScalingPolicy": _put(_policies, "Policy", "PolicyName"),
    "DeleteScalingPolicy": _delete(_policies, "PolicyName"),
    "DescribeScalingPolicies": _describe(_policies, "ScalingPolicies"),
    "PutScheduledAction": _put(_actions, "ScheduledAction", "ScheduledActionName"),
    "DeleteScheduledAction": _delete(_actions, "ScheduledActionName"),
    "DescribeScheduledActions": _describe(_actions, "ScheduledActions"),
}
