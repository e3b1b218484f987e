"""The shell completes verbs, options and the names of endpoints."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.fake_aws import FakeAws, Fault

PROGRAM = """#!{python}
from sagemaker_model.cli import main
main()
"""
SCRIPT = """
eval "$(sagemaker-model --show-completion bash)"
for line in "$@"; do
    read -ra COMP_WORDS <<< "sagemaker-model $line"
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _sagemaker_model_completion sagemaker-model
    echo "${COMPREPLY[@]}"
done
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "sagemaker-model"
    path.write_text(PROGRAM.format(python=sys.executable))
    path.chmod(0o755)
    return path


def completed(program: Path, *lines: str) -> list[str]:
    """Return what a bash shows after each of some beginnings of lines; it says nothing else."""
    done = subprocess.run(
        ["bash", "-c", SCRIPT, "bash", *lines],
        env={**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}"},
        text=True,
        capture_output=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_verbs_and_options_are_completed(program: Path) -> None:
    shown = completed(program, "loca", "local de", "invoke --str")

    assert shown == ["local", "deploy destroy", "--stream"]


def test_names_of_endpoints_are_completed(aws: FakeAws, program: Path) -> None:
    aws.endpoints = ["search-1", "chat", "search-2"]

    assert completed(program, "invoke sea") == ["search-1 search-2"]


def test_where_aws_does_not_tell_nothing_is_said(aws: FakeAws, program: Path) -> None:
    aws.describing_fails = Fault(400, "AccessDeniedException", "no")

    assert completed(program, "test sea") == [""]
