"""CreateEndpointConfig and its like: which models an endpoint serves, and on what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sagemaker_model.local.emulator.services import ApiError
from sagemaker_model.local.sagemaker.models import MODELS, untagged
from sagemaker_model.local.sagemaker.records import Record, Records

ENDPOINT_CONFIGS = Records("endpoint-config", "endpoint configuration", "EndpointConfig")


def create_endpoint_config(request: Mapping[str, Any]) -> Record:
    """Keep a configuration; the models of its variants must be there.

    Source of the rules: the API reference of CreateEndpointConfig and ProductionVariant.
    """
    for variant in request["ProductionVariants"]:
        _check_variant(variant)
    return {"EndpointConfigArn": ENDPOINT_CONFIGS.add(request)["EndpointConfigArn"]}


def describe_endpoint_config(request: Mapping[str, Any]) -> Record:
    """Tell all of a configuration but its tags."""
    return untagged(ENDPOINT_CONFIGS.get(request["EndpointConfigName"]))


def delete_endpoint_config(request: Mapping[str, Any]) -> Record:
    """Forget a configuration; endpoints that were made of it go on, as on AWS."""
    ENDPOINT_CONFIGS.remove(request["EndpointConfigName"])
    return {}


def list_endpoint_configs(request: Mapping[str, Any]) -> Record:
    """Tell the configurations whose names contain a text."""
    wanted = request.get("NameContains", "").lower()
    members = ("EndpointConfigName", "EndpointConfigArn", "CreationTime")
    return {
        "EndpointConfigs": ENDPOINT_CONFIGS.listed(
            members, lambda each: wanted in each["EndpointConfigName"].lower()
        )
    }


def _check_variant(variant: Mapping[str, Any]) -> None:
    name = variant["VariantName"]
    if variant.get("ModelName"):
        MODELS.get(variant["ModelName"])
    if bool(variant.get("ServerlessConfig")) == bool(
        variant.get("InstanceType") or variant.get("InstancePools")
    ):
        raise ApiError(
            "ValidationException",
            f"Variant {name} needs an InstanceType, or a ServerlessConfig, and not both.",
        )
