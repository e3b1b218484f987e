"""What is told where only a part of the packages is installed."""

import subprocess
import sys

import pytest


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


@pytest.mark.parametrize("package", ["boto3", "psutil", "platformdirs", "cryptography"])
def test_without_the_packages_of_the_local_aws_it_names_the_extra(package: str) -> None:
    done = without(package, "local", "up", "--samples")

    assert done.returncode == 1
    assert done.stderr.startswith(f"error: the local AWS needs {package}, which is not installed")
    assert "[local]" in done.stderr


def test_the_other_commands_work_without_the_local_aws() -> None:
    done = without("boto3", "--help")

    assert done.returncode == 0
    assert "describe" in done.stdout
