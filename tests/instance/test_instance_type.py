"""The names for common instance types."""

from __future__ import annotations

from sagemaker_model import InstanceType
from sagemaker_model.instance.table import instance_names, instances

CONSTANTS = {name: value for name, value in vars(InstanceType).items() if not name.startswith("_")}


def test_every_constant_is_a_type_and_is_named_like_it() -> None:
    for name, value in CONSTANTS.items():
        assert value in instance_names()
        assert name == value.upper().replace(".", "_").replace("-", "_")


def test_every_type_with_an_accelerator_that_is_still_sold_has_a_constant() -> None:
    accelerated = {each.name for each in instances().values() if each.accelerated}
    retired = {name for name in accelerated if name.startswith(("ml.p2.", "ml.p3."))}

    assert accelerated - retired <= set(CONSTANTS.values())


def test_a_constant_is_plain_text() -> None:
    assert InstanceType.ML_G5_2XLARGE == "ml.g5.2xlarge"
    assert type(InstanceType.ML_G5_2XLARGE) is str
