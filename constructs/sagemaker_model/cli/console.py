"""How commands speak: answers on standard output, progress and errors on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import typer
from rich.console import Console

from sagemaker_model.checks.finding import Severity

_P = ParamSpec("_P")
_R = TypeVar("_R")

# A line longer than the terminal is the terminal's to fold: copied lines must stay whole, and a
# file's are as wide as a table wants.
out = Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else 200)
err = Console(stderr=True, soft_wrap=True, highlight=False)

SEVERITY_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}

FAILED = 1
"""Exit code of a command that could not do what it was asked; 2 is a wrong use of it."""


def print_json(value: object) -> None:
    """Print a value as JSON, for programs."""
    sys.stdout.write(json.dumps(value, indent=2, default=str) + "\n")


def told_plainly(command: Callable[_P, _R]) -> Callable[_P, _R]:
    """Make a command tell what it can't do in one line instead of a traceback.

    Args:
        command: Raises OSError, RuntimeError or ValueError for what its user can mend; the
            attribute ``exit_code`` of an error is what the program ends with. Default: 1.
    """

    @wraps(command)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return command(*args, **kwargs)
        except typer.Exit:  # a RuntimeError that says nothing
            raise
        except (OSError, RuntimeError, ValueError) as error:
            # One string: a message may hold what rich would take for markup.
            err.print("error:", str(error), style="red", markup=False)
            raise typer.Exit(getattr(error, "exit_code", FAILED)) from error

    return run
