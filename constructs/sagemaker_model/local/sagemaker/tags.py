"""AddTags and its like, for what SageMaker keeps here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sagemaker_model.local.emulator.services import ApiError
from sagemaker_model.local.sagemaker.components import COMPONENTS
from sagemaker_model.local.sagemaker.endpoint_configs import ENDPOINT_CONFIGS
from sagemaker_model.local.sagemaker.endpoints import ENDPOINTS
from sagemaker_model.local.sagemaker.models import MODELS
from sagemaker_model.local.sagemaker.records import Record


def add_tags(request: Mapping[str, Any]) -> Record:
    """Add tags, or give those that are there other values; return all."""
    record = _tagged(request["ResourceArn"])
    record["Tags"] = _merged(record.get("Tags", []), request["Tags"])
    return {"Tags": record["Tags"]}


def list_tags(request: Mapping[str, Any]) -> Record:
    """Tell the tags of one thing."""
    return {"Tags": _tagged(request["ResourceArn"]).get("Tags", [])}


def delete_tags(request: Mapping[str, Any]) -> Record:
    """Take tags away."""
    record = _tagged(request["ResourceArn"])
    gone = set(request["TagKeys"])
    record["Tags"] = [each for each in record.get("Tags", []) if each["Key"] not in gone]
    return {}


def _merged(old: list[Record], new: list[Record]) -> list[Record]:
    values = {each["Key"]: each["Value"] for each in (*old, *new)}
    return [{"Key": key, "Value": value} for key, value in values.items()]


def _tagged(arn: str) -> Record:
    for records in (MODELS, ENDPOINT_CONFIGS, ENDPOINTS, COMPONENTS):
        found = records.find(arn)
        if found is not None:
            return found
    raise ApiError("ValidationException", f'Could not find resource "{arn}".')
