"""How commands speak: answers on standard output, progress and errors on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import Annotated, ParamSpec, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from sagemaker_model.checks.finding import Severity
from sagemaker_model.cli.aws_errors import told_by_aws
from sagemaker_model.cli.packages import told_of_missing

_P = ParamSpec("_P")
_R = TypeVar("_R")
_T = TypeVar("_T")

# A line longer than the terminal is the terminal's to fold: copied lines must stay whole, and a
# file's are as wide as a table wants. Part of the ARN of a secret is rich's name of a picture.
out = Console(
    soft_wrap=True, highlight=False, emoji=False, width=None if sys.stdout.isatty() else 200
)
err = Console(stderr=True, soft_wrap=True, highlight=False, emoji=False)

SEVERITY_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}

FAILED = 1
"""Exit code of a command that could not do what it was asked; 2 is a wrong use of it."""
INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it: 128 and the signal's number."""


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
"""The option of each verb that prints an answer."""


def print_json(value: object) -> None:
    """Print a value as JSON, for programs."""
    sys.stdout.write(json.dumps(value, indent=2, default=str) + "\n")


def make_table(*columns: str, title: str | None = None) -> Table:
    """Return an empty table whose cells are folded where the terminal is narrow, and never cut.

    Args:
        *columns: The columns' names.
        title: Its title. Default: none.
    """
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def tracked(items: Sequence[_T], what: str) -> Iterator[_T]:
    """Yield items, and show meanwhile how many are done; nothing where no terminal is there.

    Args:
        items: The items.
        what: What is done with them.
    """
    # It takes a while to import, and few verbs have so much to do.
    from rich.progress import track

    yield from track(items, what, console=err, transient=True, disable=not err.is_terminal)


def told_plainly(command: Callable[_P, _R]) -> Callable[_P, _R]:
    """Make a command tell what it can't do in one line instead of a traceback.

    Args:
        command: Raises OSError, RuntimeError or ValueError for what its user can mend, or what
            boto3 raises; the attribute ``exit_code`` of an error is what the program ends with.
            Default: 1.
    """

    @wraps(command)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return command(*args, **kwargs)
        except (typer.Exit, BrokenPipeError):  # they say nothing, and are met elsewhere
            raise
        except (KeyboardInterrupt, typer.Abort) as interruption:
            raise typer.Exit(INTERRUPTED) from interruption
        except Exception as error:
            text = _text(error)
            if text is None:
                raise
            # One string: a message may hold what rich would take for markup.
            err.print("error:", text, style="red", markup=False)
            raise typer.Exit(getattr(error, "exit_code", FAILED)) from error

    return run


def _text(error: Exception) -> str | None:
    """Return what to tell of an error; None for one that its user can't mend."""
    if isinstance(error, ModuleNotFoundError):
        return told_of_missing(error)
    mendable = isinstance(error, OSError | RuntimeError | ValueError)
    return told_by_aws(error) or (str(error) if mendable else None)
