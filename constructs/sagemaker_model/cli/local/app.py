"""The verbs of ``sagemaker-model local``."""

from __future__ import annotations

from collections.abc import Callable

import typer

from sagemaker_model.cli.console import told_plainly
from sagemaker_model.cli.local.deploy import deploy
from sagemaker_model.cli.local.destroy import destroy
from sagemaker_model.cli.local.down import down
from sagemaker_model.cli.local.prepare import prepare
from sagemaker_model.cli.local.status import status
from sagemaker_model.cli.local.up import up
from sagemaker_model.cli.packages import must_have_local

app = typer.Typer(
    callback=told_plainly(must_have_local),
    help="Deploy an app to an AWS on this machine: no account, no cost.",
    no_args_is_help=True,
)


def _add(verb: Callable[..., None]) -> None:
    app.command()(told_plainly(verb))


# The order of the help.
for _verb in (prepare, up, deploy, status, destroy, down):
    _add(_verb)
