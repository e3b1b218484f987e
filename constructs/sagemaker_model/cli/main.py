"""The command ``sagemaker-model``."""

from __future__ import annotations

from typing import Annotated

import typer

from sagemaker_model.cli.chat import chat
from sagemaker_model.cli.check import check
from sagemaker_model.cli.console import out, told_plainly
from sagemaker_model.cli.describe import describe
from sagemaker_model.cli.explain import explain
from sagemaker_model.cli.init import init
from sagemaker_model.cli.invoke import invoke
from sagemaker_model.cli.list_endpoints import list_endpoints
from sagemaker_model.cli.local.app import app as local
from sagemaker_model.cli.lock import lock
from sagemaker_model.cli.logs import logs
from sagemaker_model.cli.preflight import preflight
from sagemaker_model.cli.serve import serve
from sagemaker_model.cli.test import run_examples
from sagemaker_model.cli.token import token
from sagemaker_model.cli.web import web
from sagemaker_model.cli.why import why

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        out.print(version("cdk-sagemaker-model"))
        raise typer.Exit


@app.callback()
def main(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Print the version, and end."
        ),
    ] = False,
) -> None:
    """Deploy models with CDK, use them, and try them on a local AWS first."""


app.command()(told_plainly(init))
app.command()(told_plainly(check))
app.command()(told_plainly(explain))
app.command()(told_plainly(lock))
app.command()(told_plainly(describe))

app.command()(told_plainly(preflight))
app.command("list")(told_plainly(list_endpoints))
app.command()(told_plainly(chat))
app.command()(told_plainly(invoke))
app.command("test")(told_plainly(run_examples))
app.command()(told_plainly(logs))
app.command()(told_plainly(why))
app.command()(told_plainly(serve))
app.command()(told_plainly(web))

app.add_typer(local, name="local")
app.add_typer(token, name="token")
