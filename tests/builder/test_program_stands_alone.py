"""The program needs nothing but its own requirements."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[2] / "codebuild"
SOURCES = sorted((PROGRAM / "model_builder").glob("*.py"))
IMPORTED_AS = {
    "boto3": "boto3",
    "botocore": "boto3",
    "huggingface_hub": "huggingface_hub",
    "isal": "isal",
}
PURE = [
    *("archive_layout", "artefact_rules", "beside", "model", "paths", "plan", "plan_report"),
    *("selection", "stored_source"),
]


def imports(source: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_module_imports_only_what_is_required(source: Path) -> None:
    others = imports(source) - sys.stdlib_module_names - {"model_builder"}

    asked_for = (PROGRAM / "requirements.in").read_text().split()
    assert {IMPORTED_AS[name] for name in others} <= set(asked_for)


@pytest.mark.parametrize("name", PURE)
def test_what_decides_is_pure(name: str) -> None:
    assert not imports(PROGRAM / "model_builder" / f"{name}.py") & {"boto3", "os", "time", "isal"}


def test_every_requirement_is_pinned_with_hashes() -> None:
    text = (PROGRAM / "requirements.txt").read_text()
    pinned = re.findall(r"^([\w-]+)==[^\\]+\\\n\s+--hash=sha256:", text, re.MULTILINE)

    assert {"boto3", "huggingface-hub", "isal"} <= set(pinned)
    assert len(pinned) == len(re.findall(r"^[\w-]+==", text, re.MULTILINE))
