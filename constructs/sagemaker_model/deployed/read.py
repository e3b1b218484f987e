"""Read what an endpoint is now, each part by itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from sagemaker_model.aws import Aws
from sagemaker_model.deployed.models import model_named, model_of
from sagemaker_model.deployed.scaling import scaling_of
from sagemaker_model.deployed.view import Component, DeployedEndpoint, Variant
from sagemaker_model.logs.log_groups import component_names
from sagemaker_model.partial_reading import PartialReading

_STACK_TAG = "aws:cloudformation:stack-name"


def read_endpoint(aws: Aws, name: str) -> DeployedEndpoint:
    """Return an endpoint as it is now; what may not be read is named, and left out.

    Args:
        aws: Makes the clients of AWS.
        name: Its name.

    Raises:
        ClientError: The endpoint itself can't be read.
    """
    sagemaker = aws.client("sagemaker")
    reading = PartialReading()
    told = sagemaker.describe_endpoint(EndpointName=name)
    config_name = told["EndpointConfigName"]
    config = reading.tried(
        f"the endpoint configuration {config_name}",
        lambda: sagemaker.describe_endpoint_config(EndpointConfigName=config_name),
        {},
    )
    variants = _variants(aws, told, config, reading)
    components = _components(aws, name, reading)
    ids = [f"endpoint/{name}/variant/{each.name}" for each in variants]
    ids += [f"inference-component/{each.name}" for each in components]
    deployment = told.get("LastDeploymentConfig") or {}
    return DeployedEndpoint(
        name=told["EndpointName"],
        arn=told["EndpointArn"],
        status=told["EndpointStatus"],
        reason=told.get("FailureReason"),
        created=told["CreationTime"],
        changed=told["LastModifiedTime"],
        config=config_name,
        variants=variants,
        components=components,
        scaling=reading.tried("scaling", lambda: scaling_of(aws, ids), ()),
        roll_out=_roll_out(deployment),
        alarms=_alarms(aws, deployment, reading),
        capture=_capture(config.get("DataCaptureConfig")),
        asynchronous=_asynchronous(config.get("AsyncInferenceConfig")),
        stack=_stack(aws, told["EndpointArn"], reading),
        unread=tuple(reading.unread),
    )


def _variants(
    aws: Aws, told: Mapping[str, Any], config: Mapping[str, Any], reading: PartialReading
) -> tuple[Variant, ...]:
    now = {
        each["VariantName"]: each
        for part in ("ProductionVariants", "ShadowProductionVariants")
        for each in told.get(part, ())
    }
    parts = (("ProductionVariants", False), ("ShadowProductionVariants", True))
    return tuple(
        _variant(aws, each, now.get(each["VariantName"], {}), reading, shadow=shadow)
        for part, shadow in parts
        for each in config.get(part, ())
    )


def _variant(
    aws: Aws,
    configured: Mapping[str, Any],
    now: Mapping[str, Any],
    reading: PartialReading,
    *,
    shadow: bool,
) -> Variant:
    pools = [each["InstanceType"] for each in configured.get("InstancePools", ())]
    model = configured.get("ModelName")
    return Variant(
        name=configured["VariantName"],
        instance_type=configured.get("InstanceType") or " or ".join(pools) or None,
        instances=now.get("CurrentInstanceCount"),
        desired=now.get("DesiredInstanceCount"),
        serverless=_serverless(configured.get("ServerlessConfig")),
        host_image=configured.get("InferenceAmiVersion"),
        model=model_named(aws, model, reading) if model else None,
        shadow=shadow,
    )


def _serverless(config: Mapping[str, Any] | None) -> str | None:
    if not config:
        return None
    return f"{config['MemorySizeInMB']} MB, {config['MaxConcurrency']} at once"


def _components(aws: Aws, endpoint: str, reading: PartialReading) -> tuple[Component, ...]:
    names = reading.tried("inference components", lambda: component_names(aws, endpoint), [])
    found = (
        reading.tried(
            f"the inference component {name}", partial(_component, aws, name, reading), None
        )
        for name in names
    )
    return tuple(each for each in found if each)


def _component(aws: Aws, name: str, reading: PartialReading) -> Component:
    told = aws.client("sagemaker").describe_inference_component(InferenceComponentName=name)
    specification, running = told.get("Specification", {}), told.get("RuntimeConfig", {})
    model, container = specification.get("ModelName"), specification.get("Container")
    served = None
    if model:
        served = model_named(aws, model, reading)
    elif container and not specification.get("BaseInferenceComponentName"):
        image = container.get("DeployedImage", {}).get("SpecifiedImage")
        described = {**container, "Image": image, "ModelDataUrl": container.get("ArtifactUrl")}
        served = model_of(aws, described, reading)
    return Component(
        name=name,
        status=told["InferenceComponentStatus"],
        reason=told.get("FailureReason"),
        copies=running.get("CurrentCopyCount"),
        desired=running.get("DesiredCopyCount"),
        base=specification.get("BaseInferenceComponentName"),
        model=served,
    )


def _roll_out(deployment: Mapping[str, Any]) -> str | None:
    rolling = deployment.get("RollingUpdatePolicy")
    if rolling:
        size = rolling["MaximumBatchSize"]
        return f"rolling, {size['Value']} {_lower(size['Type'])} at a time"
    routing = deployment.get("BlueGreenUpdatePolicy", {}).get("TrafficRoutingConfiguration")
    if not routing:
        return None
    kinds = {"ALL_AT_ONCE": "all at once", "CANARY": "a canary first", "LINEAR": "in steps"}
    wait = routing.get("WaitIntervalInSeconds")
    waited = f", {wait} s between" if wait else ""
    return f"blue/green, {kinds.get(routing['Type'], routing['Type'])}{waited}"


def _lower(kind: str) -> str:
    return {"INSTANCE_COUNT": "instances", "CAPACITY_PERCENT": "percent"}.get(kind, kind)


def _alarms(aws: Aws, deployment: Mapping[str, Any], reading: PartialReading) -> tuple[str, ...]:
    told = deployment.get("AutoRollbackConfiguration", {}).get("Alarms", [])
    names = [each["AlarmName"] for each in told]
    if not names:
        return ()
    described = reading.tried(
        "alarms", lambda: aws.client("cloudwatch").describe_alarms(AlarmNames=names), {}
    )
    states = {each["AlarmName"]: each["StateValue"] for each in described.get("MetricAlarms", ())}
    return tuple(f"{name} ({states.get(name, 'state unknown')})" for name in names)


def _capture(config: Mapping[str, Any] | None) -> str | None:
    if not config or not config.get("EnableCapture", True):
        return None
    return f"{config['InitialSamplingPercentage']} % to {config['DestinationS3Uri']}"


def _asynchronous(config: Mapping[str, Any] | None) -> str | None:
    return config["OutputConfig"].get("S3OutputPath") if config else None


def _stack(aws: Aws, arn: str, reading: PartialReading) -> str | None:
    told = reading.tried(
        "tags", lambda: aws.client("sagemaker").list_tags(ResourceArn=arn)["Tags"], []
    )
    return next((each["Value"] for each in told if each["Key"] == _STACK_TAG), None)
