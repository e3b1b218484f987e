"""SageMaker's resource types of CloudFormation.

What a change replaces is what the types' schemas call ``createOnlyProperties``: everything but the
tags of a Model and of an EndpointConfig, the name of an Endpoint.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sagemaker_model.local.emulator.resources import (
    FailedResourceError,
    Properties,
    Resource,
    ResourceType,
    add_resource_type,
)
from sagemaker_model.local.emulator.services import ApiError
from sagemaker_model.local.limits import service_model

Call = Callable[[str, Properties], dict[str, Any]]
_LOOK_EVERY = 0.05
_RETAIN = ("RetainAllVariantProperties", "ExcludeRetainedVariantProperties", "DeploymentConfig")


def install(call: Call) -> None:
    """Have CloudFormation know the types.

    Args:
        call: Calls an operation of the SageMaker API by its name.
    """
    for kind in ("Model", "EndpointConfig"):
        add_resource_type(_replaced_type(call, kind))
    add_resource_type(_endpoint_type(call))
    add_resource_type(_component_type(call))


def _replaced_type(call: Call, kind: str) -> ResourceType:
    def create(name: str, properties: Properties) -> Resource:
        call(f"Create{kind}", {**properties, f"{kind}Name": name})
        return _resource(call, kind, name)

    def update(physical_id: str, properties: Properties) -> Resource:
        call("AddTags", {"ResourceArn": physical_id, "Tags": properties.get("Tags", [])})
        return _resource(call, kind, _name(physical_id, call, kind))

    def delete(physical_id: str, _properties: Properties) -> None:
        with suppress(ApiError):
            call(f"Delete{kind}", {f"{kind}Name": _name(physical_id, call, kind)})

    members = service_model("sagemaker").operation_model(f"Create{kind}").input_shape.members
    return ResourceType(
        name=f"AWS::SageMaker::{kind}",
        create=create,
        update=update,
        delete=delete,
        name_property=f"{kind}Name",
        replaced_by=tuple(name for name in members if name != "Tags"),
    )


def _endpoint_type(call: Call) -> ResourceType:
    def create(name: str, properties: Properties) -> Resource:
        asked = {key: value for key, value in properties.items() if key not in _RETAIN}
        call("CreateEndpoint", {**asked, "EndpointName": name})
        told = _stable(call, "Endpoint", name)
        if told["EndpointStatus"] != "InService":
            # CloudFormation deletes what it could not create when it rolls back.
            call("DeleteEndpoint", {"EndpointName": name})
            raise FailedResourceError(_reason(told), told["EndpointArn"])
        return _resource(call, "Endpoint", name)

    def update(physical_id: str, properties: Properties) -> Resource:
        name = _name(physical_id, call, "Endpoint")
        config = properties["EndpointConfigName"]
        if call("DescribeEndpoint", {"EndpointName": name})["EndpointConfigName"] != config:
            _update_endpoint(call, name, config, properties)
        call("AddTags", {"ResourceArn": physical_id, "Tags": properties.get("Tags", [])})
        return _resource(call, "Endpoint", name)

    def delete(physical_id: str, _properties: Properties) -> None:
        with suppress(ApiError):
            call("DeleteEndpoint", {"EndpointName": _name(physical_id, call, "Endpoint")})

    return ResourceType(
        name="AWS::SageMaker::Endpoint",
        create=create,
        update=update,
        delete=delete,
        name_property="EndpointName",
        replaced_by=("EndpointName",),
    )


def _update_endpoint(call: Call, name: str, config: str, properties: Properties) -> None:
    how = {key: properties[key] for key in _RETAIN if key in properties}
    call("UpdateEndpoint", {"EndpointName": name, "EndpointConfigName": config, **how})
    told = _stable(call, "Endpoint", name)
    if told["EndpointConfigName"] != config:
        raise FailedResourceError(_reason(told), told["EndpointArn"])


def _component_type(call: Call) -> ResourceType:
    kind = "InferenceComponent"

    def create(name: str, properties: Properties) -> Resource:
        call(f"Create{kind}", {**properties, f"{kind}Name": name})
        _checked(_stable(call, kind, name))
        return _resource(call, kind, name)

    def update(physical_id: str, properties: Properties) -> Resource:
        name = _name(physical_id, call, kind)
        changed = {
            key: properties[key]
            for key in ("Specification", "RuntimeConfig", "DeploymentConfig")
            if key in properties
        }
        call(f"Update{kind}", {f"{kind}Name": name, **changed})
        _checked(_stable(call, kind, name))
        return _resource(call, kind, name)

    def delete(physical_id: str, _properties: Properties) -> None:
        with suppress(ApiError):
            call(f"Delete{kind}", {f"{kind}Name": _name(physical_id, call, kind)})

    return ResourceType(
        name=f"AWS::SageMaker::{kind}",
        create=create,
        update=update,
        delete=delete,
        name_property=f"{kind}Name",
    )


def _checked(told: dict[str, Any]) -> None:
    if told.get("FailureReason"):
        raise FailedResourceError(_reason(told), told["InferenceComponentArn"])


def _reason(told: dict[str, Any]) -> str:
    return f"Resource handler returned message: {told['FailureReason']}"


def _stable(call: Call, kind: str, name: str) -> dict[str, Any]:
    """Wait until a thing is no longer in between, as CloudFormation's handlers do; describe it."""
    while True:
        told = call(f"Describe{kind}", {f"{kind}Name": name})
        if told[f"{kind}Status"] in {"InService", "Failed"}:
            return told
        time.sleep(_LOOK_EVERY)


def _resource(call: Call, kind: str, name: str) -> Resource:
    arn = call(f"Describe{kind}", {f"{kind}Name": name})[f"{kind}Arn"]
    attributes = {f"{kind}Name": name}
    return Resource(arn, attributes | ({f"{kind}Arn": arn} if kind == "InferenceComponent" else {}))


def _name(arn: str, call: Call, kind: str) -> str:
    """Return the name of an ARN, in which it is lower case."""
    listed = call(f"List{kind}s", {})[f"{kind}s"]
    mine = (each[f"{kind}Name"] for each in listed if each[f"{kind}Arn"] == arn)
    return next(mine, arn.rsplit("/", 1)[-1])
