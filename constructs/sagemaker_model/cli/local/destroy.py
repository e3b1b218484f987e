"""``destroy``: delete stacks from the local AWS."""

from __future__ import annotations

import typer

from sagemaker_model.cli.console import FAILED, AsJson, out, print_json
from sagemaker_model.cli.local.options import STATE, Stacks, State
from sagemaker_model.cli.local.progress import run_with_progress
from sagemaker_model.cli.local.session import Session


def destroy(stacks: Stacks = None, state: State = STATE, as_json: AsJson = False) -> None:
    """Destroy stacks of this folder's app; all of them without a name.

    For example:

        sagemaker-model local destroy chat
    """
    session = Session(state)
    if not session.app.stacks():
        raise ValueError("nothing was deployed yet; sagemaker-model local deploy does it")
    code = run_with_progress(session, session.app.destroy(stacks or []), quiet=as_json)
    if as_json:
        print_json({"destroyed": code == 0})
    elif code == 0:
        out.print("destroyed")
    if code:
        raise typer.Exit(FAILED)
