import subprocess
import sys

import pytest

import sagemaker_model
from sagemaker_model import public


@pytest.mark.parametrize("module", ["sagemaker_model", "sagemaker_model.cli.main"])
def test_the_cdk_is_not_started_before_a_construct_is_asked_for(module: str) -> None:
    code = f"import sys, {module}; sys.exit('aws_cdk' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_all_public_names_can_be_imported_from_the_package() -> None:
    assert sagemaker_model.__all__ == public.__all__
    assert [getattr(sagemaker_model, name) for name in public.__all__]


def test_the_public_names_are_sorted_and_complete() -> None:
    imported = {
        name
        for name, value in vars(public).items()
        if not name.startswith("_") and isinstance(value, type)
    }
    assert public.__all__ == sorted(imported)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'SagemakerModel'"):
        getattr(sagemaker_model, "SagemakerModel")  # noqa: B009 - type checkers know it is not there
