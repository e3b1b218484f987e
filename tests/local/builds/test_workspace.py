"""The place where a build runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fakes.wheel import make_wheel, pin
from sagemaker_model.local.builds.workspace import Workspace, reach_loopback


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "one")
    made.make(None)
    return made


def run(workspace: Workspace, *command: str) -> str:
    done = subprocess.run(
        command,
        env=workspace.environment({"PATH": "/usr/bin:/bin"}),
        cwd=workspace.home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def found(workspace: Workspace, module: str) -> Path:
    program = f"import {module}; print({module}.__file__)"
    return Path(run(workspace, str(workspace.bin / "python"), "-c", program))


def test_packages_of_the_image_are_found_where_they_are(workspace: Workspace) -> None:
    assert not found(workspace, "pytest").is_relative_to(workspace.root)


def test_what_a_build_installs_is_its_own(workspace: Workspace, tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "wheels", "one")
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(pin(wheel))

    arguments = ["--no-index", "--find-links", str(wheel.parent), "--require-hashes"]
    run(workspace, str(workspace.bin / "pip"), "install", *arguments, "-r", str(requirements))

    assert found(workspace, "one").is_relative_to(workspace.root)
    other = Workspace(tmp_path / "two")
    other.make(None)
    with pytest.raises(AssertionError, match="No module named 'one'"):
        found(other, "one")


def test_another_version_than_the_images_comes_first(workspace: Workspace, tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "wheels", "yaml", "99.0")

    run(workspace, str(workspace.bin / "pip"), "install", "--no-index", "--no-deps", str(wheel))

    assert found(workspace, "yaml").is_relative_to(workspace.root)


def test_an_interpreter_that_cannot_make_an_environment_says_why(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        Workspace(tmp_path / "one").make(Path("/bin/false"))


def test_a_build_sees_the_path_language_proxies_and_pip_of_this_machine(tmp_path: Path) -> None:
    host = {
        "PATH": "/somewhere",
        "LC_CTYPE": "C.UTF-8",
        "https_proxy": "http://proxy:1",
        "PIP_INDEX_URL": "https://index",
        "HOME": str(tmp_path),
        "HF_TOKEN": "hf_mine",
        "AWS_PROFILE": "mine",
        "PYTHONPATH": "/mine",
    }
    workspace = Workspace(tmp_path / "builds" / "one")

    assert workspace.environment(host) == {
        "PATH": f"{workspace.bin}:/somewhere",
        "LC_CTYPE": "C.UTF-8",
        "https_proxy": "http://proxy:1",
        "PIP_INDEX_URL": "https://index",
        "PIP_CACHE_DIR": str(tmp_path / "builds" / "pip-cache"),
        "HOME": str(workspace.home),
        "TMPDIR": str(workspace.temporary),
    }


def test_the_users_own_settings_of_pip_hold_in_builds(tmp_path: Path) -> None:
    config = tmp_path / ".config" / "pip" / "pip.conf"
    config.parent.mkdir(parents=True)
    config.touch()

    environment = Workspace(tmp_path / "one").environment({"HOME": str(tmp_path)})

    assert environment["PIP_CONFIG_FILE"] == str(config)


@pytest.mark.parametrize(
    ("told", "direct"),
    [
        ({}, {}),
        (
            {"HTTP_PROXY": "p"},
            {"NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"},
        ),
        (
            {"https_proxy": "p", "NO_PROXY": "intra"},
            dict.fromkeys(("NO_PROXY", "no_proxy"), "intra,127.0.0.1,localhost"),
        ),
    ],
)
def test_this_machine_is_reached_without_a_proxy(
    told: dict[str, str], direct: dict[str, str]
) -> None:
    assert reach_loopback(told) == {**told, **direct}


def test_nothing_is_left_of_a_workspace_that_was_removed(workspace: Workspace) -> None:
    assert (workspace.bin / "python").resolve() == Path(sys.executable).resolve()

    workspace.remove()

    assert not workspace.root.exists()
