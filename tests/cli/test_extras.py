"""What is told where only a part of the packages is installed."""

import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sagemaker_model.cli.main import app
from sagemaker_model.cli.packages import EXTRAS

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def without(package: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as if a package were not installed."""
    code = (
        "import sys; sys.modules[sys.argv.pop(1)] = None\n"
        "from sagemaker_model.cli import main; main()"
    )
    return subprocess.run(
        [sys.executable, "-c", code, package, *arguments],
        text=True,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("package", ["typer", "rich"])
def test_without_the_commands_packages_it_names_the_extra(package: str) -> None:
    done = without(package, "describe")

    assert done.returncode == 1
    assert done.stderr.startswith(f"error: the command needs {package}, which is not installed")
    assert "[cli]" in done.stderr


@pytest.mark.parametrize("package", ["boto3", *EXTRAS["local"]])
def test_without_a_package_of_the_local_aws_nothing_is_begun(
    package: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, package, None)

    done = CliRunner().invoke(app, ["local", "up", "--samples"])

    assert done.exit_code == 1
    assert done.stderr == (
        f"error: the local AWS needs {package}, which is not installed; "
        "pip install 'cdk-sagemaker-model[local]'\n"
    )
    assert [*tmp_path.iterdir()] == []


def test_what_asks_aws_names_its_extra() -> None:
    done = without("boto3", "list", "--region", "us-east-1")

    assert done.returncode == 1
    assert done.stderr == (
        "error: this needs boto3, which is not installed; pip install 'cdk-sagemaker-model[cli]'\n"
    )


def test_the_other_commands_work_without_the_packages_of_an_extra() -> None:
    done = without("boto3", "--help")

    assert done.returncode == 0
    assert "describe" in done.stdout


@pytest.mark.parametrize("extra", EXTRAS)
def test_each_package_comes_with_its_extra(extra: str) -> None:
    brought = tomllib.loads(PROJECT.read_text())["project"]["optional-dependencies"]
    wanted = " ".join([*brought[extra], *(brought["client"] + brought["hub"])])
    names = packages_distributions()

    missing = [
        package
        for package in EXTRAS[extra]
        if package != "botocore" and not any(name.lower() in wanted for name in names[package])
    ]

    assert missing == []
