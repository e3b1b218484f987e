"""Brings the wheels of the code's requirements along, for endpoints that reach no index."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from model_builder.errors import StagingError
from model_builder.local_folder import read_file
from model_builder.model import LocalFile

REQUIREMENTS = "requirements.txt"
WHEELS = "wheels"
INSTALLED_FROM = f"/opt/ml/model/code/{WHEELS}"
"""Where the wheels lie in the container (SageMaker puts the staged files into /opt/ml/model)."""
_NEWEST_GLIBC = 28
"""The images that serve are of Ubuntu 20.04 and later, whose glibc 2.31 runs all these."""
_OLDEST_GLIBC = 17
_INDEX = re.compile(
    r"\s*(-i\b|-f\b|--(index-url|extra-index-url|find-links|no-index|trusted-host)\b)"
)
_ELSEWHERE = re.compile(r"\s*(-e\b|--editable\b|-r\b|--requirement\b|\.{0,2}/)|^[^#]*://")
_NOT_FOUND = re.compile(r"No matching distribution found for (?P<requirement>[^\n]+)")


def with_wheels(
    code: Sequence[LocalFile], python: str, architecture: str, work: Path
) -> tuple[LocalFile, ...]:
    """Return the code with the wheels of its requirements, which install from these alone.

    Args:
        code: Files of the code folder. Without a ``requirements.txt`` they stay as they are.
        python: Python that will install them, such as ``"3.12"``.
        architecture: Machine that will install them, such as ``"x86_64"``.
        work: Empty folder of this machine to put them in.

    Raises:
        StagingError: a requirement has no wheel, or is none that an index could have.
    """
    listed = next((file for file in code if file.path == REQUIREMENTS), None)
    text = Path(listed.location).read_text(encoding="utf-8") if listed else ""
    wanted = [line for line in text.splitlines() if not _INDEX.match(line)]
    if not any(line.split("#")[0].strip() for line in wanted):
        return tuple(code)
    _check(wanted)
    _download(text, python, architecture, work)
    written = work / REQUIREMENTS
    written.write_text("\n".join(["--no-index", f"--find-links {INSTALLED_FROM}", *wanted, ""]))
    wheels = sorted((work / WHEELS).glob("*.whl"))
    others = [file for file in code if file.path.partition("/")[0] not in {REQUIREMENTS, WHEELS}]
    added = [read_file(wheel, f"{WHEELS}/{wheel.name}") for wheel in wheels]
    return (*others, read_file(written, REQUIREMENTS), *added)


def _check(lines: Sequence[str]) -> None:
    for line in lines:
        if _ELSEWHERE.search(line):
            raise StagingError(
                f"{REQUIREMENTS} has the line {line.strip()!r}, which can be bundled only as a "
                "name and a version that an index has: write it so, or put the code into the folder"
            )


def _download(text: str, python: str, architecture: str, work: Path) -> None:
    asked = work / "asked.txt"
    asked.write_text(text, encoding="utf-8")
    options = ["--only-binary=:all:", "--implementation", "cp", "--python-version", python]
    platforms = [f"manylinux2014_{architecture}", f"linux_{architecture}"]
    platforms += [
        f"manylinux_2_{minor}_{architecture}" for minor in range(_OLDEST_GLIBC, _NEWEST_GLIBC + 1)
    ]
    for platform in platforms:
        options += ["--platform", platform]
    command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--quiet"]
    command += [*options, "--dest", str(work / WHEELS), "--requirement", str(asked)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - pip
    if done.returncode:
        raise StagingError(_explain(done.stderr, python, architecture))


def _explain(log: str, python: str, architecture: str) -> str:
    missing = _NOT_FOUND.search(log)
    if missing:
        return (
            f"{REQUIREMENTS}: {missing['requirement'].strip()} has no wheel for Python {python} on "
            f"{architecture}: take a version that has one, or an image that has it installed"
        )
    told = [line.removeprefix("ERROR: ") for line in log.splitlines() if line.startswith("ERROR")]
    return f"{REQUIREMENTS} cannot be bundled: {' '.join(told) or log.strip()[-500:]}"
