import json
import re
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from sagemaker_model.local.environment.installers import InstallError, npm_ci, run
from sagemaker_model.local.environment.part import Part, cache_folder
from sagemaker_model.local.environment.parts import NODE, SAMPLES, SERVING


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.txt"
    path.write_text("torch==1")
    return path


def part(source: Path, install: Callable[[Path], None]) -> Part:
    return Part("serving", "what serves", 300, (source,), install)


def test_a_part_is_installed_once_and_used_again(source: Path, tmp_path: Path) -> None:
    installed: list[Path] = []
    wanted = part(source, installed.append)

    first, second = wanted.prepare(tmp_path), wanted.prepare(tmp_path)

    assert first == second
    assert installed == [first]
    assert wanted.is_prepared(tmp_path)


def test_other_requirements_make_another_folder(source: Path, tmp_path: Path) -> None:
    installed: list[Path] = []
    wanted = part(source, installed.append)

    first = wanted.prepare(tmp_path)
    source.write_text("torch==2")

    assert not wanted.is_prepared(tmp_path)
    assert wanted.prepare(tmp_path) != first
    assert wanted.name in first.name


def test_an_installation_that_failed_is_tried_again_from_nothing(
    source: Path, tmp_path: Path
) -> None:
    seen: list[list[str]] = []

    def fail_once(folder: Path) -> None:
        seen.append([path.name for path in folder.iterdir()])
        (folder / "half").touch()
        if len(seen) == 1:
            raise InstallError("no network")

    wanted = part(source, fail_once)
    with pytest.raises(InstallError):
        wanted.prepare(tmp_path)

    assert not wanted.is_prepared(tmp_path)
    wanted.prepare(tmp_path)
    assert seen == [[], []]


def test_two_that_prepare_at_once_install_once(source: Path, tmp_path: Path) -> None:
    begun, go_on, installed = threading.Event(), threading.Event(), []

    def slow(folder: Path) -> None:
        installed.append(folder)
        begun.set()
        assert go_on.wait(10)

    wanted = part(source, slow)
    threads = [threading.Thread(target=wanted.prepare, args=(tmp_path,)) for _ in range(2)]
    threads[0].start()
    assert begun.wait(10)
    threads[1].start()
    threads[1].join(0.2)
    assert threads[1].is_alive()
    go_on.set()
    for thread in threads:
        thread.join(10)

    assert len(installed) == 1


def test_an_installer_that_fails_is_told_with_its_last_lines(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('no matching distribution'); raise SystemExit(1)"]

    with pytest.raises(InstallError, match=r"(?s)failed:.*no matching distribution"):
        run(command, log=tmp_path / "log")


def test_npm_refuses_what_its_lock_file_does_not_hold(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"dependencies": {"left-pad": "1.0.0"}}')

    with pytest.raises(InstallError, match="npm ci"):
        npm_ci(tmp_path, tmp_path / "log")


def test_the_cache_is_where_the_variable_says(tmp_path: Path) -> None:
    assert cache_folder({"SAGEMAKER_MODEL_CACHE": str(tmp_path)}) == tmp_path
    assert cache_folder({}).name == "cdk-sagemaker-model"


@pytest.mark.parametrize("wanted", [SERVING, SAMPLES], ids=lambda each: each.name)
def test_each_python_package_that_is_downloaded_is_pinned(wanted: Part) -> None:
    (pins,) = wanted.sources
    lines = [line for line in pins.read_text().splitlines() if not line.startswith("#")]

    assert lines
    assert [line for line in lines if not re.fullmatch(r"[\w-]+==[\w.]+", line)] == []


def test_each_node_package_that_is_downloaded_is_pinned() -> None:
    lock, package = (json.loads(source.read_text()) for source in NODE.sources)

    assert {"@aws-sdk/client-lambda", "@aws-sdk/client-sfn"} <= package["dependencies"].keys()
    assert lock["packages"][""]["dependencies"] == package["dependencies"]
    for name, version in package["dependencies"].items():
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
