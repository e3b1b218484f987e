"""The instances that the endpoints of a synthesized app are made of."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

from sagemaker_model.cost.components import (
    Resources,
    Scaling,
    changes_of,
    kept_awake,
    scaling_of,
)
from sagemaker_model.cost.week import Change

_CONFIG = "AWS::SageMaker::EndpointConfig"
_ENDPOINT = "AWS::SageMaker::Endpoint"
_STACK = "aws:cloudformation:stack"
_STAGE = "cdk:cloud-assembly"
_UNKNOWN = "unknown-region"


class Billing(Enum):
    """By which of its prices SageMaker bills an instance, or that it bills none."""

    HOSTING = "hosting"
    ASYNCHRONOUS = "asynchronous"
    SERVERLESS = "serverless"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """The instances of one variant of an endpoint.

    Args:
        endpoint: Path of the construct; the logical id where the template does not tell it.
        billing: How it is billed.
        region: Its Region; None where the stack leaves it open.
        instance_type: Type of its instances; None where there are none, or where only
            CloudFormation knows it.
        first: How many there are at first; None where only CloudFormation knows it.
        least: How many there are at the least, without the schedule.
        most: How many there are at most.
        schedule: When the least number changes.
        others: Types that are taken where there is none of the first.
    """

    endpoint: str
    billing: Billing
    region: str | None
    instance_type: str | None = None
    first: int | None = None
    least: int | None = None
    most: int | None = None
    schedule: tuple[Change, ...] = ()
    others: tuple[str, ...] = ()


def fleets_in(assembly: Path) -> list[Fleet]:
    """Return the instances of all endpoints of an assembly, in the order of its manifest.

    Args:
        assembly: Folder that ``cdk synth`` wrote; its stages are looked into.

    Raises:
        FileNotFoundError: There is no assembly in it.
    """
    manifest = json.loads((assembly / "manifest.json").read_text(encoding="utf-8"))
    found: list[Fleet] = []
    for artifact in manifest["artifacts"].values():
        properties = artifact.get("properties", {})
        if artifact["type"] == _STACK:
            region = artifact.get("environment", "").rpartition("/")[2]
            template = json.loads((assembly / properties["templateFile"]).read_text("utf-8"))
            known = None if region in {"", _UNKNOWN} else region
            found += fleets_of(template.get("Resources", {}), known)
        elif artifact["type"] == _STAGE:
            found += fleets_in(assembly / properties["directoryName"])
    return found


def fleets_of(resources: Resources, region: str | None) -> Iterator[Fleet]:
    """Yield the instances of the endpoints of one template.

    Args:
        resources: The template's resources.
        region: The stack's Region; None where it is open.
    """
    for name, endpoint in resources.items():
        if endpoint["Type"] != _ENDPOINT:
            continue
        config = _referred(resources, endpoint["Properties"].get("EndpointConfigName"), _CONFIG)
        if config is None:
            continue
        path = str(endpoint.get("Metadata", {}).get("aws:cdk:path", name)).rpartition("/")[0]
        scaling = _scaling(resources, name, endpoint["Properties"].get("EndpointName"))
        billing = Billing.ASYNCHRONOUS if "AsyncInferenceConfig" in config else Billing.HOSTING
        for key in ("ProductionVariants", "ShadowProductionVariants"):
            for variant in config.get(key, []):
                fleet = _fleet(path or name, region, billing, variant, scaling)
                yield _with_components(fleet, resources, name, variant)
                scaling = {}  # what is scaled is the first variant


def _with_components(
    fleet: Fleet, resources: Resources, endpoint: str, variant: Mapping[str, Any]
) -> Fleet:
    """Return a fleet with what the models that lie on it keep awake."""
    if "ManagedInstanceScaling" not in variant or fleet.least is None:
        return fleet
    least, schedule = kept_awake(resources, endpoint, fleet.least)
    return replace(fleet, least=least, schedule=schedule)


def _scaling(resources: Resources, endpoint: str, name: object) -> Scaling:
    """Return what scales the instances of an endpoint."""
    named = [f"endpoint/{name}/"] if isinstance(name, str) else []
    return scaling_of(resources, f'"{endpoint}"', *named)


def _fleet(
    path: str,
    region: str | None,
    billing: Billing,
    variant: Mapping[str, Any],
    scaling: Scaling,
) -> Fleet:
    if "ServerlessConfig" in variant:
        return Fleet(endpoint=path, billing=Billing.SERVERLESS, region=region)
    first = _number(variant.get("InitialInstanceCount"))
    managed = variant.get("ManagedInstanceScaling", {})
    least = _number(scaling.get("MinCapacity", managed.get("MinInstanceCount", first)))
    most = _number(scaling.get("MaxCapacity", managed.get("MaxInstanceCount", first)))
    pools = [pool.get("InstanceType") for pool in variant.get("InstancePools", [])]
    kind, *others = pools or [variant.get("InstanceType")]
    return Fleet(
        endpoint=path,
        billing=billing,
        region=region,
        instance_type=kind if isinstance(kind, str) else None,
        first=first,
        least=least,
        most=most,
        schedule=tuple(changes_of(scaling)),
        others=tuple(map(str, others)),
    )


def _referred(resources: Resources, value: object, kind: str) -> Mapping[str, Any] | None:
    """Return the properties of the resource that a value refers to."""
    match value:
        case {"Fn::GetAtt": [str(name), _]} | {"Ref": str(name)}:
            found = resources.get(name, {})
            return found.get("Properties") if found.get("Type") == kind else None
    return None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
