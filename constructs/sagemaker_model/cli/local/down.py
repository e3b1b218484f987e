"""``down``: end the local AWS."""

from __future__ import annotations

from typing import Annotated

import typer

from sagemaker_model.cli.console import AsJson, out, print_json
from sagemaker_model.cli.local.options import STATE, State
from sagemaker_model.local.lifecycle import down as stop


def down(
    state: State = STATE,
    keep: Annotated[bool, typer.Option("--keep", help="Keep its folder, with the logs.")] = False,
    as_json: AsJson = False,
) -> None:
    """End the local AWS with all that it serves, and delete its state.

    Nothing else is ended or deleted; where none is up, nothing happens. For example:

        sagemaker-model local down --keep
    """
    ended = stop(state, keep=keep)
    if as_json:
        print_json({"ended": ended})
    else:
        out.print("the local AWS is down" if ended else "no local AWS was up")
