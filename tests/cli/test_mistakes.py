"""What a user does wrong, or a machine lacks, is told in a line; the exit code says what it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from runtime.fake_aws import FakeAws, Fault
from sagemaker_model.cli.console import told_plainly
from sagemaker_model.cli.main import app

NO_AWS = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}


@pytest.fixture
def machine(tmp_path: Path) -> Mapping[str, str]:
    """The variables of a machine that knows nothing of AWS."""
    config = tmp_path / "config"
    config.touch()
    nothing = {"AWS_CONFIG_FILE": str(config), "AWS_SHARED_CREDENTIALS_FILE": str(config)}
    return {**NO_AWS, **nothing, "AWS_EC2_METADATA_DISABLED": "true"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["list"], "You must specify a region.; give --region, or set AWS_DEFAULT_REGION"),
        (["list", "--region", "us-east-1"], "Unable to locate credentials; log in (aws sso login"),
        (["list", "--profile", "x"], "The config profile (x) could not be found; aws configure"),
        (["why", "x"], "You must specify a region."),
        (["invoke", "chat", "{}"], "You must specify a region."),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else "",
)
def test_what_aws_is_not_told_is_named(
    arguments: list[str], told: str, machine: Mapping[str, str]
) -> None:
    done = CliRunner().invoke(app, arguments, env={**dict.fromkeys(os.environ), **machine})

    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"error: AWS can't be asked: {told}")


def test_a_network_that_is_down_is_told() -> None:
    nowhere = {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
        "AWS_MAX_ATTEMPTS": "1",
    }

    done = CliRunner().invoke(app, ["list", "--region", "us-east-1"], env=nowhere)

    assert done.exit_code == 1
    assert "Could not connect to the endpoint URL" in done.stderr
    assert "see that the network, or the local AWS, is up" in done.stderr


def test_what_aws_refuses_is_told(aws: FakeAws) -> None:
    aws.describing_fails = Fault(400, "AccessDeniedException", "no")

    done = CliRunner().invoke(app, ["list"])

    assert done.exit_code == 1
    assert done.stderr.startswith("error: AWS refused: ")


def run(error: BaseException) -> tuple[int, str]:
    """Return how a verb ends that raises an error."""
    verb = typer.Typer(pretty_exceptions_enable=False)

    def fail() -> None:
        raise error

    verb.command()(told_plainly(fail))
    done = CliRunner().invoke(verb)
    return done.exit_code, done.stderr


class OwnCodeError(ValueError):
    """An error with an exit code of its own."""

    exit_code = 3


@pytest.mark.parametrize(
    ("error", "ends"),
    [
        (ValueError("no [bold]model[/bold]"), (1, "error: no [bold]model[/bold]\n")),
        (FileNotFoundError(2, "No such file", "x"), (1, "error: [Errno 2] No such file: 'x'\n")),
        (OwnCodeError("it"), (3, "error: it\n")),
        (KeyboardInterrupt(), (130, "")),
        (typer.Abort(), (130, "")),
        (typer.Exit(4), (4, "")),
    ],
    ids=["mistake", "file", "own code", "Ctrl-C", "prompt left", "exit"],
)
def test_each_end_has_its_exit_code(error: BaseException, ends: tuple[int, str]) -> None:
    assert run(error) == ends


def test_a_mistake_of_the_commands_own_is_not_hidden() -> None:
    def fail() -> None:
        raise TypeError("a bug")

    with pytest.raises(TypeError, match="a bug"):
        told_plainly(fail)()


def test_who_reads_nothing_hears_nothing_of_it() -> None:
    # It has ended long before the first line is written.
    command = f"{sys.executable} -m sagemaker_model.cli explain | true"

    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("", "")


def test_ctrl_c_ends_with_130_and_without_a_traceback(machine: Mapping[str, str]) -> None:
    chat = [sys.executable, "-m", "sagemaker_model.cli", "chat", "http://127.0.0.1:9"]
    with subprocess.Popen(
        [*chat, "--engine", "vllm"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=machine,
    ) as process:
        assert process.stdin
        assert process.stderr
        process.stdin.write("hello\n")
        process.stdin.flush()
        # That nobody listens there is told before the next line is waited for.
        assert process.stderr.readline().startswith("error: ")
        process.send_signal(signal.SIGINT)
        process.stdin.close()
        rest = process.stderr.read()

    assert (process.returncode, rest) == (130, "")
