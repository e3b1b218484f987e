"""Commands for people who deploy models, one file each."""

from __future__ import annotations

import os
import signal
import sys


def main() -> None:
    """Run the command ``sagemaker-model``."""
    try:
        from sagemaker_model.cli.main import app
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in {"typer", "rich"}:
            raise
        sys.exit(
            f"error: the command needs {package}, which is not installed; "
            "pip install 'cdk-sagemaker-model[cli]', or [local] for the local AWS"
        )
    # Being told to end is met as Ctrl-C is: what was started for the command ends first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        app()
    finally:
        _flush()


def _flush() -> None:
    """Write what is left; to whom has read enough, as ``head`` has, nothing needs to be told."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # Python would try again when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
