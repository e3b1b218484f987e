"""What the emulator's process is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from sagemaker_model.local.settings import Settings


def test_settings_survive_the_way_through_the_environment() -> None:
    told = Settings(
        state=Path("/state"),
        serving_python=Path("/venv/bin/python"),
        llm_python=Path("/llm/bin/python"),
        hub="http://127.0.0.1:8000",
        time_factor=30.0,
        build_slots=1,
        auth=True,
        certificate=Path("/cert.pem"),
        key=Path("/key.pem"),
        faults=True,
    )
    assert Settings.from_environment(told.to_environment()) == told


def test_what_is_not_told_keeps_its_default() -> None:
    settings = Settings.from_environment({"SAGEMAKER_MODEL_LOCAL_STATE": "/state"})
    assert settings == Settings(state=Path("/state"))


def test_a_missing_state_folder_is_named() -> None:
    with pytest.raises(ValueError, match="SAGEMAKER_MODEL_LOCAL_STATE is not set"):
        Settings.from_environment({})


def test_a_wait_of_aws_is_shortened_but_not_below_its_least() -> None:
    settings = Settings(state=Path("/state"), time_factor=60.0)
    assert settings.wait(120) == 2.0
    assert settings.wait(120, at_least=5.0) == 5.0
