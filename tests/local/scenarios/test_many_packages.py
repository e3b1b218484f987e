"""A construct that one team ships as a wheel, in the app of another."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.conftest import APPS
from local.live import ROOT, LocalAws
from local.project import Project
from local.removal import remove
from sagemaker_model.local.hub.samples import make_samples
from sagemaker_model.local.hub.server import Hub


def build_wheel(source: Path, folder: Path) -> Path:
    """Build the wheel of a project, with the tools that are already installed."""
    folder.mkdir(parents=True)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(source)], check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def portal(
    aws: LocalAws,
    local_hub: Hub,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Project]:
    """The other team's app, with nothing but the wheels beside it, deployed."""
    make_samples(local_hub.repositories.root)
    made = Project(APPS / "company" / "portal", tmp_path_factory.mktemp("portal"), aws)
    wheels = tmp_path_factory.mktemp("wheels")
    for name, source in (("library", ROOT), ("search", APPS / "company" / "search")):
        with zipfile.ZipFile(build_wheel(source, wheels / name)) as wheel:
            wheel.extractall(made.folder)
    made.deploy().succeed()
    yield made
    remove(aws, "portal")


def test_an_app_deploys_another_teams_service_from_its_wheel(
    aws: LocalAws, portal: Project
) -> None:
    assert Path(aws.outputs("portal")["Library"]) == portal.folder / "sagemaker_model"


@pytest.mark.usefixtures("portal")
def test_code_that_travels_in_a_wheel_is_what_the_endpoint_runs(aws: LocalAws) -> None:
    answer = aws.ask("portal", {"inputs": "hello"})

    assert answer["service"] == "search"
    assert answer["asked"] == {"inputs": "hello"}
    assert {"config.json", "model.safetensors", "code"} <= set(answer["files"])
