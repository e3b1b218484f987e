"""The code's requirements travel as wheels for the Python that will install them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fakes.wheel import make_wheel
from model_builder.code_folder import read_code_folder
from model_builder.errors import StagingError
from model_builder.wheels import INSTALLED_FROM, with_wheels


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes for its index."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def bundle(
    tmp_path: Path, requirements: str | None, python: str = "3.12", machine: str = "x86_64"
) -> dict[str, Path]:
    """Bundle a code folder; return where each of its files lies."""
    code, work = tmp_path / "code", tmp_path / "work"
    code.mkdir()
    work.mkdir()
    (code / "inference.py").write_text("import one\n")
    if requirements is not None:
        (code / "requirements.txt").write_text(requirements)
    files = with_wheels(read_code_folder(code), python, machine, work)
    return {file.path: Path(file.location) for file in files}


def test_requirements_and_theirs_travel_as_wheels(tmp_path: Path, index: Path) -> None:
    make_wheel(index, "one", needs="two>=1")
    make_wheel(index, "two")

    files = bundle(tmp_path, "# what it needs\none==1.0\n")

    wheels = {"wheels/one-1.0-py3-none-any.whl", "wheels/two-1.0-py3-none-any.whl"}
    assert set(files) == {"inference.py", "requirements.txt"} | wheels
    assert files["requirements.txt"].read_text() == (
        f"--no-index\n--find-links {INSTALLED_FROM}\n# what it needs\none==1.0\n"
    )


def test_what_was_bundled_installs_without_any_index(
    tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_wheel(index, "one", needs="two>=1")
    make_wheel(index, "two")
    files = bundle(tmp_path, "--index-url https://example.com/simple\none\n")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.delenv("PIP_NO_INDEX")
    wheels = files["wheels/one-1.0-py3-none-any.whl"].parent
    text = files["requirements.txt"].read_text().replace(INSTALLED_FROM, str(wheels))
    (tmp_path / "requirements.txt").write_text(text)

    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(tmp_path / "site")]
    subprocess.run([*pip, "-r", str(tmp_path / "requirements.txt")], check=True)

    assert (tmp_path / "site" / "two.py").is_file()


@pytest.mark.parametrize(
    ("python", "machine", "tag"),
    [
        ("3.12", "x86_64", "cp312-cp312-manylinux_2_28_x86_64"),
        ("3.10", "x86_64", "cp310-cp310-manylinux2014_x86_64"),
        ("3.12", "aarch64", "cp312-cp312-manylinux2014_aarch64"),
    ],
)
def test_wheels_are_those_of_the_python_and_machine_that_install_them(
    tmp_path: Path, index: Path, python: str, machine: str, tag: str
) -> None:
    for other in ("cp39-cp39-manylinux2014_x86_64", "cp312-cp312-win_amd64", tag):
        make_wheel(index, "one", tag=other)

    files = bundle(tmp_path, "one\n", python, machine)

    assert {path for path in files if path.startswith("wheels")} == {f"wheels/one-1.0-{tag}.whl"}


def test_a_requirement_without_a_wheel_is_named(tmp_path: Path, index: Path) -> None:
    make_wheel(index, "one", tag="cp39-cp39-manylinux2014_x86_64")

    with pytest.raises(StagingError, match=r"one==1\.0 has no wheel for Python 3\.12 on x86_64"):
        bundle(tmp_path, "one==1.0\n")


def test_requirements_that_exclude_each_other_are_told(tmp_path: Path, index: Path) -> None:
    make_wheel(index, "one", needs="two<2")
    make_wheel(index, "two", "2.0")
    make_wheel(index, "two", "1.0")

    with pytest.raises(StagingError, match=r"cannot be bundled: .*two"):
        bundle(tmp_path, "one\ntwo==2.0\n")


ELSEWHERE = ["one @ https://example.com/one.whl", "git+https://example.com/x", "-e .", "./one"]


@pytest.mark.parametrize("line", [*ELSEWHERE, "-r more.txt"])
def test_what_no_index_has_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(StagingError, match="as a name and a version"):
        bundle(tmp_path, f"{line}\n")


@pytest.mark.parametrize("text", [None, "", "# nothing\n\n"])
def test_code_that_needs_nothing_stays_as_it_is(tmp_path: Path, text: str | None) -> None:
    files = bundle(tmp_path, text)

    assert not [path for path in files if path.startswith("wheels")]
    assert text is None or files["requirements.txt"].read_text() == text
