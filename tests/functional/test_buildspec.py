"""The commands of the buildspec, run by bash as CodeBuild runs them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from fakes.wheel import make_wheel, pin
from functional.conftest import PREFIX, ROOT, STAGED, TINY, Bucket, Program, Publish


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The program's folder as a source; the packages it needs are those of this Python.

    In their place a small one is installed, from a folder that travels with the source.
    """
    folder = tmp_path / "source"
    shutil.copytree(ROOT / "codebuild", folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "requirements.txt").write_text(pin(make_wheel(folder / "wheels", "one")))
    return folder


def run(source: Path, program: Program, **variables: str) -> subprocess.CompletedProcess[str]:
    phases = yaml.safe_load((source / "buildspec.yml").read_text())["phases"]
    commands = [*phases["install"]["commands"], *phases["build"]["commands"]]
    bin_folder = Path(sys.executable).parent
    environment = {
        **program.environment,
        "PATH": f"{bin_folder}:{os.environ['PATH']}",
        "PIP_TARGET": str(source / "installed"),
        **variables,
    }
    return subprocess.run(
        ["bash", "-euc", "\n".join(commands)],
        cwd=source,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_models_of_the_hub_and_the_source_with_code_are_staged(
    source: Path, program: Program, bucket: Bucket, publish: Publish, code: Path
) -> None:
    done = run(source, program, MODEL_ID=publish(), CODEBUILD_SRC_DIR_code=str(code))

    assert done.returncode == 0, done.stderr
    assert set(bucket.files(PREFIX)) == STAGED | {"code/inference.py", "code/requirements.txt"}
    assert (source / "installed" / "one.py").is_file()


def test_the_source_with_weights_is_staged(
    source: Path, program: Program, bucket: Bucket, tmp_path: Path
) -> None:
    weights = tmp_path / "weights"
    weights.mkdir()
    for path in STAGED:
        (weights / path).write_bytes(TINY[path])

    done = run(source, program, CODEBUILD_SRC_DIR_weights=str(weights))

    assert done.returncode == 0, done.stderr
    assert set(bucket.files(PREFIX)) == STAGED


def test_requirements_are_bundled_from_the_index_that_pip_knows(
    source: Path, program: Program, bucket: Bucket, publish: Publish, code: Path
) -> None:
    (code / "requirements.txt").write_text("two\n")
    make_wheel(source / "index", "two")

    done = run(
        source,
        program,
        MODEL_ID=publish(),
        CODE_FOLDER=str(code),
        BUNDLE_PYTHON="3.12",
        PIP_NO_INDEX="1",
        PIP_FIND_LINKS=str(source / "index"),
    )

    assert done.returncode == 0, done.stderr
    assert f"{PREFIX}code/wheels/two-1.0-py3-none-any.whl" in bucket.stored()
    assert bucket.read(f"{PREFIX}code/requirements.txt").startswith(b"--no-index\n")


def test_a_package_with_another_digest_is_not_installed(
    source: Path, program: Program, bucket: Bucket, publish: Publish
) -> None:
    make_wheel(source / "wheels", "one", needs="two")

    done = run(source, program, MODEL_ID=publish())

    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert bucket.stored() == set()


def test_a_private_authority_comes_as_a_source_of_its_own(
    source: Path, program: Program, publish: Publish
) -> None:
    done = run(
        source,
        program,
        MODEL_ID=publish(),
        CA_FILE="ca.pem",
        CODEBUILD_SRC_DIR_ca=str(source / "not-there"),
        PIP_NO_INDEX="1",
    )

    assert f"{source}/not-there/ca.pem" in done.stderr
