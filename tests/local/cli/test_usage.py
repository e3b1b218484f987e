"""What is told to those who use a verb wrongly, or too early."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sagemaker_model.cli.local.deploy import split
from sagemaker_model.cli.main import app
from sagemaker_model.local.processes import Process
from sagemaker_model.local.record import Record


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def told(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["local", *arguments], prog_name="sagemaker-model")


@pytest.mark.parametrize("verb", [["deploy"], ["status"], ["destroy"]])
def test_without_a_local_aws_each_verb_says_how_to_start_one(verb: list[str]) -> None:
    done = told(*verb)

    assert done.exit_code == 1
    assert done.stderr == "error: no local AWS is up; start one: sagemaker-model local up\n"


@pytest.mark.parametrize(
    "mistake",
    [
        ["deploy", "--jason"],
        ["up", "--hub", ".", "--samples"],
        ["up", "--time-factor", "0"],
    ],
    ids=" ".join,
)
def test_a_wrong_use_exits_with_2_and_leads_to_the_help(mistake: list[str], tmp_path: Path) -> None:
    done = told(*mistake)

    assert done.exit_code == 2
    assert "--help" in done.stderr
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("verb", ["prepare", "up", "deploy", "status", "destroy", "down"])
def test_each_verb_has_a_help(verb: str) -> None:
    done = told(verb, "--help")

    assert done.exit_code == 0
    assert f"sagemaker-model local {verb}" in done.stdout


def test_arguments_of_the_cdk_cli_begin_with_the_first_option() -> None:
    assert split([]) == ([], [])
    assert split(["a", "b", "-c", "k=v", "c"]) == (["a", "b"], ["-c", "k=v", "c"])


def test_taking_down_what_is_not_up_is_no_mistake() -> None:
    assert told("down").stdout == "no local AWS was up\n"


def test_a_local_aws_that_does_not_answer_is_told_without_a_traceback(tmp_path: Path) -> None:
    # This very process stands for an emulator that runs and is deaf.
    deaf = Process.with_pid(os.getpid())
    state = tmp_path / "state"
    state.mkdir()
    Record(state, "http://127.0.0.1:9", "123456789012", "us-east-1", deaf).write()

    done = told("status", "--state", str(state))

    assert done.exit_code == 1
    assert done.stderr.startswith("error: AWS can't be asked: Could not connect")
