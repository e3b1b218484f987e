"""The command ``sagemaker-model``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


_VERBS: Mapping[str, Mapping[str, Callable[..., None]]] = {
    "Begin": {"init": init, "lock": lock},
    "Before a deployment": {
        "check": check,
        "explain": explain,
        "describe": describe,
        "preflight": preflight,
        "serve": serve,
    },
    "Use what is deployed": {
        "list": list_endpoints,
        "chat": chat,
        "invoke": invoke,
        "test": run_examples,
        "web": web,
    },
    "When something is wrong": {"why": why, "logs": logs},
}
"""The verbs by what they are for, in the order of the help."""


def _add(verbs: Mapping[str, Callable[..., None]], panel: str) -> None:
    for name, verb in verbs.items():
        app.command(name, rich_help_panel=panel)(told_plainly(verb))


for _panel, _verbs in _VERBS.items():
    _add(_verbs, _panel)

app.add_typer(token, name="token", rich_help_panel="Begin")
app.add_typer(local, name="local", rich_help_panel="Before a deployment")
