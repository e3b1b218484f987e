"""Ask pip and npm to install what is pinned."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from sagemaker_model.local.programs import search_path

_SHOWN_LINES = 15

CPU_BUILDS = "https://download.pytorch.org/whl/cpu"
"""Where PyTorch publishes builds without CUDA, a tenth of the size on Linux.

https://pytorch.org/get-started/locally/
"""


class InstallError(RuntimeError):
    """An installation failed; the message ends with what the installer said last."""


def make_venv(folder: Path) -> Path:
    """Make a virtual environment with this Python's version, and return its interpreter."""
    run([sys.executable, "-m", "venv", str(folder)], log=folder / "install.log")
    return folder / "bin" / "python"


def pip_install(python: Path, arguments: Sequence[str], log: Path) -> None:
    """Let an environment's own pip install.

    Args:
        python: The environment's interpreter.
        arguments: What ``pip install`` is told. pip's own settings and variables hold beside it.
        log: File that its output is added to.

    Raises:
        InstallError: pip failed.
    """
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--no-input"]
    run([*pip, *arguments], log=log)


def npm_ci(folder: Path, log: Path) -> None:
    """Install what ``package-lock.json`` of a folder pins into its ``node_modules``.

    Raises:
        InstallError: npm failed, or there is none.
    """
    path = search_path()
    npm = shutil.which("npm", path=path)
    if not npm:
        raise InstallError(
            "npm is not installed, and functions in Node.js need it: install Node.js 22 or newer"
        )
    command = [npm, "ci", "--no-audit", "--no-fund"]
    run(command, log=log, cwd=folder, environment={"PATH": path})


def run(
    command: Sequence[str],
    *,
    log: Path,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run an installer, its output going to a file.

    Args:
        command: The program and its arguments.
        log: File that the output is added to.
        cwd: Folder that it runs in. Default: this process's.
        environment: Variables to set beside this process's. Default: none.

    Raises:
        InstallError: It exited with another code than 0.
    """
    with log.open("a", encoding="utf-8") as output:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            check=False,
        )
    if done.returncode:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_SHOWN_LINES:]
        raise InstallError("\n".join([f"{' '.join(command[:4])} … failed:", *lines]))
