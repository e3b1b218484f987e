"""The command ``sagemaker-model``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sagemaker_model.cli.console import told_plainly
from sagemaker_model.cli.describe import render, summarize

app = typer.Typer(
    help="Deploy models with CDK, and try them on a local AWS first.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def _main() -> None:
    # With a callback, typer keeps the name of a command that is the only one.
    pass


@app.command()
@told_plainly
def describe(
    assembly: Annotated[Path, typer.Argument(help="Folder that cdk synth wrote.")] = Path(
        "cdk.out"
    ),
) -> None:
    """Show what a synthesized app holds, in a few lines."""
    print(render(summarize(assembly)))
