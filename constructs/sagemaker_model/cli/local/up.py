"""``up``: start the local AWS."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sagemaker_model.cli.console import AsJson, err, out, print_json
from sagemaker_model.cli.local.options import STATE, State
from sagemaker_model.cli.local.prepare import prepare_with_words
from sagemaker_model.local.lifecycle import Wanted
from sagemaker_model.local.lifecycle import up as start
from sagemaker_model.local.record import Record
from sagemaker_model.local.settings import Settings
from sagemaker_model.local.variables import exports, variables


def up(  # noqa: PLR0917 - options, which have names on the command line
    state: State = STATE,
    hub: Annotated[
        Path | None,
        typer.Option(help="Folder with org/name/ folders that a local Hub serves."),
    ] = None,
    samples: Annotated[
        bool, typer.Option("--samples", help="Serve sample models from a local Hub.")
    ] = False,
    region: Annotated[str, typer.Option(help="Region of the commands.")] = Wanted.region,
    account: Annotated[str, typer.Option(help="Account id, 12 digits.")] = Wanted.account,
    auth: Annotated[bool, typer.Option("--auth", help="Enforce IAM, over TLS.")] = False,
    time_factor: Annotated[
        float, typer.Option(help="What AWS's waits and time-outs are divided by.", min=1.0)
    ] = Settings.time_factor,
    serving_python: Annotated[
        Path | None,
        typer.Option(help="Interpreter of your own environment that serves models."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Start a local AWS, and print the variables that lead to it.

    The real Hugging Face Hub is used without --hub and --samples.

    For example:

        eval "$(sagemaker-model local up)"

        sagemaker-model local up --samples --auth
    """
    if hub and samples:
        raise typer.BadParameter("give either --hub or --samples")
    prepared = prepare_with_words(samples=samples, serving_python=serving_python)
    wanted = Wanted(
        account=account, region=region, hub=hub, samples=samples, auth=auth, time_factor=time_factor
    )
    before = Record.read(state.absolute())
    record = start(state, wanted, prepared)
    if as_json:
        print_json({"endpoint": record.endpoint, "environment": variables(record)})
        return
    already = before is not None and before == record
    err.print(f"the local AWS is {'already ' if already else ''}up at {record.endpoint}")
    out.print(exports(record), markup=False)
