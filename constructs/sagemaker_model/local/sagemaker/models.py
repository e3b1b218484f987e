"""CreateModel and its like: what a container is made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sagemaker_model.local.emulator import scope
from sagemaker_model.local.emulator.services import ApiError
from sagemaker_model.local.sagemaker.records import Record, Records

_ECR = re.compile(r"\d{12}\.dkr\.ecr\.([a-z0-9-]+)\.")
MODELS = Records("model", "model", "Model")


def create_model(request: Mapping[str, Any]) -> Record:
    """Keep a model; it has a container, or up to 15 in a row.

    Source of the rules: the API reference of CreateModel and of ContainerDefinition, by which an
    image must lie in the model's Region.
    """
    if bool(request.get("PrimaryContainer")) == bool(request.get("Containers")):
        raise ApiError(
            "ValidationException", "Exactly one of PrimaryContainer and Containers is needed."
        )
    if not request.get("ExecutionRoleArn"):
        raise ApiError("ValidationException", "An execution role is needed.")
    for container in containers(request):
        if not container.get("Image") and not container.get("ModelPackageName"):
            raise ApiError(
                "ValidationException", "Container must have an Image or a ModelPackageName."
            )
        _must_be_here(container.get("Image", ""))
    return {"ModelArn": MODELS.add(request)["ModelArn"]}


def describe_model(request: Mapping[str, Any]) -> Record:
    """Tell all of a model but its tags."""
    return untagged(MODELS.get(request["ModelName"]))


def delete_model(request: Mapping[str, Any]) -> Record:
    """Forget a model; endpoints that serve it go on, as on AWS."""
    MODELS.remove(request["ModelName"])
    return {}


def list_models(request: Mapping[str, Any]) -> Record:
    """Tell the models whose names contain a text."""
    wanted = request.get("NameContains", "").lower()
    members = ("ModelName", "ModelArn", "CreationTime")
    return {"Models": MODELS.listed(members, lambda each: wanted in each["ModelName"].lower())}


def containers(model: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the containers of a model, the first one first."""
    return [model["PrimaryContainer"]] if model.get("PrimaryContainer") else model["Containers"]


def untagged(record: Record) -> Record:
    """Return a record without its tags, which ListTags tells."""
    return {name: value for name, value in record.items() if name != "Tags"}


def _must_be_here(image: str) -> None:
    registry = _ECR.match(image)
    if registry and registry[1] != scope.region():
        raise ApiError("ValidationException", f"Requested image {image} not found.")
