"""Runs what a model's container needs, with the Docker of this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from typing import Any

from sagemaker_model.serve.docker_run import Command, DockerRun


def docker_answers() -> bool:
    """Tell whether there is a Docker engine, and it answers."""
    return _succeeds(["docker", "version", "--format", "{{.Server.Version}}"])


def run(wanted: DockerRun, image: str) -> int:
    """Bring the model's files here, log in, and run the container until it ends.

    Args:
        wanted: What is to be run.
        image: The image; where it is here already, nobody logs in.

    Returns:
        The exit code of the container.

    Raises:
        RuntimeError: A program that comes before is missing, or failed.
    """
    for command in wanted.fetch:
        if _done(command).returncode:
            raise RuntimeError(f"{' '.join(command[:3])} failed; what it said is above")
    if wanted.login is not None and not _succeeds(["docker", "image", "inspect", image]):
        _log_in(*wanted.login)
    environment = {**os.environ, **wanted.environment}
    with subprocess.Popen(wanted.run, env=environment) as container:  # noqa: S603 - no shell
        try:
            return container.wait()
        finally:
            # Docker passes it on to the container; one that has ended does not mind.
            container.terminate()


def _log_in(password: Command, login: Command) -> None:
    told = _done(password, stdout=subprocess.PIPE)
    if told.returncode:
        raise RuntimeError(
            f"{password[0]} gives no password of the registry; what it said is above"
        )
    if _done(login, input=told.stdout).returncode:
        raise RuntimeError("the registry refuses the login; what docker said is above")


def _succeeds(command: Sequence[str]) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return _done(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def _done(command: Sequence[str], **streams: Any) -> subprocess.CompletedProcess[bytes]:
    if shutil.which(command[0]) is None:
        raise RuntimeError(f"{command[0]} is not installed, or not on PATH; install it")
    return subprocess.run(command, check=False, **streams)  # noqa: S603 - no shell
