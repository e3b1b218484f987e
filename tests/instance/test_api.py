"""What the library names is what the SageMaker API takes, as botocore's model of it says."""

from __future__ import annotations

from typing import Any

import pytest
from botocore import session

from sagemaker_model import InstanceType
from sagemaker_model.hosting.inference_ami import KNOWN_AMIS
from sagemaker_model.instance.table import instance_names


@pytest.fixture(scope="module")
def enumerations() -> dict[str, set[str]]:
    """The texts that each shape of the API allows."""
    model = session.get_session().get_service_model("sagemaker")
    names = ("ProductionVariantInstanceType", "ProductionVariantInferenceAmiVersion")
    # The types know no shape of texts.
    shapes: dict[str, Any] = {name: model.shape_for(name) for name in names}
    return {name: set(shape.enum) for name, shape in shapes.items()}


def test_every_host_image_is_one_of_the_api(enumerations: dict[str, set[str]]) -> None:
    assert enumerations["ProductionVariantInferenceAmiVersion"] >= KNOWN_AMIS


def test_every_instance_type_is_one_of_the_api(enumerations: dict[str, set[str]]) -> None:
    named = {value for name, value in vars(InstanceType).items() if name.startswith("ML_")}

    assert named
    assert enumerations["ProductionVariantInstanceType"] >= named
    assert enumerations["ProductionVariantInstanceType"] >= set(instance_names())
