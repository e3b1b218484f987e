"""Write findings to a file, for a program that runs an app and wants to know them.

Nothing is written unless the environment names a file: what an app is made into depends on
nothing but the app.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from sagemaker_model.checks.finding import Finding, Severity

VARIABLE = "SAGEMAKER_MODEL_FINDINGS"
"""Environment variable with the path of the file that findings are added to."""

# Whose lines are not the user's, though they stand between the user's and these.
_LIBRARIES = frozenset({"sagemaker_model", "jsii", "aws_cdk", "constructs"})


@dataclass(frozen=True, slots=True)
class Recorded:
    """A finding, and where it was made.

    Args:
        construct: Path of the construct that it is about.
        finding: What was found.
        accepted: The reason for which it was acknowledged, empty where none was given; None
            where it was not acknowledged.
        file: File of the user's line that it arose from; empty where there is none.
        line: Number of that line; 0 where there is none.
    """

    construct: str
    finding: Finding
    accepted: str | None = None
    file: str = ""
    line: int = 0


def is_recording() -> bool:
    """Say whether findings are to be written to a file."""
    return bool(os.environ.get(VARIABLE))


def record(found: Iterable[Recorded]) -> None:
    """Add findings to the file that the environment names.

    Raises:
        OSError: The file can't be written.
    """
    lines = [json.dumps(asdict(each), default=lambda severity: severity.value) for each in found]
    with Path(os.environ[VARIABLE]).open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def read(path: Path) -> list[Recorded]:
    """Read what was recorded, each finding once; a missing file holds none."""
    if not path.is_file():
        return []
    found = [_recorded(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
    return list(dict.fromkeys(found))


def users_line() -> tuple[str, int]:
    """Return file and line of the user's code that is at work; an empty name where none is."""
    for frame in _frames(sys._getframe()):  # noqa: SLF001 - what inspect.currentframe() returns
        if frame.f_globals.get("__name__", "").partition(".")[0] not in _LIBRARIES:
            return frame.f_code.co_filename, frame.f_lineno
    return "", 0


def _recorded(values: dict[str, Any]) -> Recorded:
    finding = values.pop("finding")
    severity = Severity(finding.pop("severity"))
    return Recorded(finding=Finding(severity=severity, **finding), **values)


def _frames(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back
