"""The command ``sagemaker-model``."""

from __future__ import annotations

from collections.abc import Callable

import typer

from sagemaker_model.cli.aws_errors import with_aws_errors
from sagemaker_model.cli.chat import chat
from sagemaker_model.cli.check import check
from sagemaker_model.cli.console import told_plainly
from sagemaker_model.cli.describe import describe
from sagemaker_model.cli.explain import explain
from sagemaker_model.cli.invoke import invoke
from sagemaker_model.cli.list_endpoints import list_endpoints
from sagemaker_model.cli.lock import lock
from sagemaker_model.cli.preflight import preflight
from sagemaker_model.cli.test import run_examples
from sagemaker_model.cli.why import why

app = typer.Typer(
    help="Deploy models with CDK, and try them on a local AWS first.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


_ANYTHING = {"ignore_unknown_options": True, "allow_extra_args": True}


app.command()(told_plainly(check))
app.command()(told_plainly(explain))
app.command()(told_plainly(lock))
app.command()(told_plainly(describe))

app.command()(told_plainly(with_aws_errors(preflight)))
app.command("list")(told_plainly(with_aws_errors(list_endpoints)))
app.command()(told_plainly(with_aws_errors(chat)))
app.command()(told_plainly(with_aws_errors(invoke)))
app.command("test")(told_plainly(with_aws_errors(run_examples)))
app.command()(told_plainly(with_aws_errors(why)))


def _add_local() -> None:
    """Add the verbs of the local AWS; without its packages, one that names what to install."""
    try:
        from sagemaker_model.cli.local.app import app as local
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package == "sagemaker_model":
            raise
        app.command("local", context_settings=_ANYTHING)(_needs(package))
    else:
        app.add_typer(local, name="local")


def _needs(package: str) -> Callable[[], None]:
    @told_plainly
    def needs() -> None:
        """Deploy to an AWS on this machine; needs cdk-sagemaker-model[local]."""
        raise RuntimeError(
            f"the local AWS needs {package}, which is not installed; "
            "pip install 'cdk-sagemaker-model[local]'"
        )

    return needs


_add_local()
