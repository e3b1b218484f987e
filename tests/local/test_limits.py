"""Requests that AWS's API refuses before it looks at anything."""

from __future__ import annotations

from typing import Any

import pytest

from sagemaker_model.local.emulator.services import ApiError
from sagemaker_model.local.limits import check

CONFIG: dict[str, Any] = {
    "EndpointConfigName": "config",
    "ProductionVariants": [
        {"VariantName": "AllTraffic", "ModelName": "model", "InstanceType": "ml.m5.large"}
    ],
}


def config(**variant: object) -> dict[str, Any]:
    return {**CONFIG, "ProductionVariants": [{**CONFIG["ProductionVariants"][0], **variant}]}


def test_a_request_within_its_limits_passes() -> None:
    check("sagemaker", "CreateEndpointConfig", config(VolumeSizeInGB=512))


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        ({}, "Missing required parameter"),
        ({**CONFIG, "EndpointConfigName": "under_score"}, "satisfy regular expression pattern"),
        ({**CONFIG, "EndpointConfigName": "a" * 64}, "have length less than or equal to 63"),
        ({**CONFIG, "ProductionVariants": []}, "valid min length: 1"),
        (config(InstanceType="ml.made.up"), "satisfy enum value set"),
        (config(VolumeSizeInGB=513), "have value less than or equal to 512"),
        (config(VolumeSizeInGB="10"), "Invalid type"),
        (config(Unknown=1), "Unknown parameter"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(request_: dict[str, Any], told: str) -> None:
    with pytest.raises(ApiError, match=told) as caught:
        check("sagemaker", "CreateEndpointConfig", request_)
    assert caught.value.code == "ValidationException"


def test_an_operation_that_aws_does_not_have_is_unknown() -> None:
    with pytest.raises(ApiError) as caught:
        check("sagemaker", "CreateNothing", {})
    assert caught.value.code == "UnknownOperationException"


def test_an_environment_is_checked_key_by_key() -> None:
    model = {
        "ModelName": "model",
        "PrimaryContainer": {"Image": "image", "Environment": {"A": "x" * 1025}},
    }
    with pytest.raises(ApiError, match="have length less than or equal to 1024"):
        check("sagemaker", "CreateModel", model)
