"""What ``make`` prepares for the tests beside their own environment.

``make unit`` names it all in variables, so that a test that does not find it fails. A bare pytest
looks where ``make`` puts it, and only skips the test where it is not there.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def found(variable: str, usual: str) -> Path | None:
    """Return where something is that was prepared, or None; fail where it is named and not there.

    Args:
        variable: Name of the variable that says where it is.
        usual: Where ``make`` puts it, in the repository.
    """
    named = os.environ.get(variable)
    place = ROOT / (named or usual)
    if named and not place.exists():
        pytest.fail(f"{variable} names {place}, which is not there")
    return place if place.exists() else None


def needed(variable: str, usual: str) -> Path:
    """Return where something is that was prepared; without it the calling test is skipped."""
    place = found(variable, usual)
    if place is None:
        pytest.skip(f"needs {usual}, which `make unit` makes")
    return place


SERVING_PYTHON = ("SAGEMAKER_MODEL_SERVING_PYTHON", ".venv-serving/bin/python")
"""The interpreter that serves models with Hugging Face's toolkit; it has a Java too."""


def serving_python() -> Path:
    """Return the interpreter of :data:`SERVING_PYTHON`."""
    return needed(*SERVING_PYTHON)


def llm_python() -> Path:
    """Return the interpreter that runs language models, with another transformers."""
    return needed("SAGEMAKER_MODEL_LLM_PYTHON", ".venv-llm/bin/python")


LANGUAGE_MODEL = "HuggingFaceTB/SmolLM2-135M-Instruct"
"""A small real language model, which chats."""


def llm_hub() -> Path:
    """Return a folder of models for a Hub, with :data:`LANGUAGE_MODEL` in it."""
    return needed("SAGEMAKER_MODEL_LLM_HUB", ".cache/language-models")


def sdk_python() -> Path:
    """Return the interpreter that has the SageMaker SDK."""
    return needed("SAGEMAKER_MODEL_SDK_PYTHON", ".venv-sdk/bin/python")


def wheels() -> Path:
    """Return the folder of the wheels that the generated tables are made from."""
    return needed("SAGEMAKER_MODEL_WHEELS", ".cache/wheels")


def oldest_environment() -> Path:
    """Return the environment with the oldest CDK that the library works with."""
    return needed("SAGEMAKER_MODEL_OLDEST", ".venv-oldest")
