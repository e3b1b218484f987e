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
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_sagemaker_model_completion sagemaker-model
echo "${COMPREPLY[@]}"
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "sagemaker-model"
    path.write_text(PROGRAM.format(python=sys.executable))
    path.chmod(0o755)
    return path


def completed(program: Path, *words: str) -> tuple[str, str]:
    """Return what a bash shows after these words, and what stands in the user's way."""
    done = subprocess.run(
        ["bash", "-c", SCRIPT, "bash", program.name, *words],
        env={**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}"},
        text=True,
        capture_output=True,
        check=True,
    )
    return done.stdout.strip(), done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [(("loca",), "local"), (("local", "de"), "deploy destroy"), (("invoke", "--str"), "--stream")],
    ids=["verb", "verb of a group", "option"],
)
def test_verbs_and_options_are_completed(words: tuple[str, ...], told: str, program: Path) -> None:
    # `deploy` and `destroy` begin alike, and no other verb of the group does.
    assert completed(program, *words) == (told, "")


def test_names_of_endpoints_are_completed(aws: FakeAws, program: Path) -> None:
    aws.endpoints = ["search-1", "chat", "search-2"]

    assert completed(program, "invoke", "sea") == ("search-1 search-2", "")


def test_where_aws_does_not_tell_nothing_is_said(aws: FakeAws, program: Path) -> None:
    aws.describing_fails = Fault(400, "AccessDeniedException", "no")

    assert completed(program, "test", "sea") == ("", "")
