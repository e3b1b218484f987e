"""Programs of the serving environment end with whoever started them, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from local.serving.conftest import TOOLKIT_IMAGE, Containers, await_that
from local.serving.processes import has_ended
from sagemaker_model.local.serving.launcher import is_read_by_imports, launcher
from sagemaker_model.local.settings import Settings

# Starts a program whose model tells its number, and waits.
STARTER = """
import sys
from pathlib import Path
from sagemaker_model.local.serving.launcher import Launcher
from sagemaker_model.local.serving.toolkit import ToolkitWorker

folder = Path(sys.argv[2])
worker = ToolkitWorker(Launcher(Path(sys.argv[1]), folder / "state"), folder / "model", {}, print)
sys.stdin.read()
"""
TELLING = """
import os

def model_fn(model_dir):
    print("programs", os.getpid(), os.getppid(), flush=True)
"""


@pytest.fixture
def started(serving: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """Return a process that has started programs, and their numbers."""
    code = tmp_path / "model" / "code"
    code.mkdir(parents=True)
    (code / "inference.py").write_text(TELLING)
    process = subprocess.Popen(
        [sys.executable, "-uc", STARTER, str(serving), str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    line = next(line for line in process.stdout if line.startswith("programs"))
    yield process, [int(each) for each in line.split()[1:]]
    process.kill()
    process.communicate()


def test_all_programs_end_when_their_starter_is_killed(
    started: tuple[subprocess.Popen[str], list[int]],
) -> None:
    process, programs = started
    assert not any(map(has_ended, programs))

    process.kill()

    await_that(lambda: all(map(has_ended, programs)))


def test_a_model_ends_when_the_process_that_forked_it_is_killed(
    started: tuple[subprocess.Popen[str], list[int]],
) -> None:
    _, (model, forked_it) = started

    os.kill(forked_it, signal.SIGKILL)

    await_that(lambda: has_ended(model))


@pytest.mark.usefixtures("serving")
def test_a_process_that_forks_is_started_anew_where_it_has_ended(
    containers: Containers, tmp_path: Path
) -> None:
    settings = replace(containers.settings, state=tmp_path / "state")
    anew = replace(containers, settings=settings)
    anew.start(Image=TOOLKIT_IMAGE)
    launcher(settings).close()

    worker = anew.start(Image=TOOLKIT_IMAGE)
    ended = worker.exited

    # There is no model: it ends by itself, which it could only do once it was started.
    await_that(lambda: ended() is not None)
    assert "You need to define one of the following" in str(ended())
    launcher(settings).close()


def test_one_local_aws_has_one_process_that_forks(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path, serving_python=Path(sys.executable))

    assert launcher(settings) is launcher(settings)

    launcher(settings).close()


@pytest.mark.parametrize("name", ["HF_TOKEN", "TRANSFORMERS_VERBOSITY", "OMP_NUM_THREADS"])
def test_what_libraries_read_when_they_are_imported_is_known(name: str) -> None:
    assert is_read_by_imports(name)


@pytest.mark.parametrize("name", ["HF_TASK", "HF_MODEL_ID", "AWS_REGION", "SAGEMAKER_PROGRAM", "X"])
def test_what_is_read_with_each_model_needs_no_new_interpreter(name: str) -> None:
    assert not is_read_by_imports(name)
