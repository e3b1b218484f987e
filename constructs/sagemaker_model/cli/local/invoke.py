"""``invoke``: ask an endpoint."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from sagemaker_model.cli.console import FAILED, err, print_json
from sagemaker_model.cli.invoke import read_body
from sagemaker_model.cli.local.options import STATE, AsJson, State
from sagemaker_model.cli.local.session import Session
from sagemaker_model.local.endpoints import Answered, ask, ask_something, find


def invoke(
    endpoint: Annotated[
        str, typer.Argument(help="Name of the endpoint or of its stack, or a beginning of it.")
    ],
    body: Annotated[
        str | None,
        typer.Argument(help="JSON, or @FILE. Default: something that the container knows."),
    ] = None,
    state: State = STATE,
    as_json: AsJson = False,
) -> None:
    """Send a request to an endpoint and print its answer.

    For example:

        sagemaker-model local invoke search-custom '{"type": "embeddings", "input": ["a text"]}'

        sagemaker-model local invoke minilm @request.json
    """
    session = Session(state)
    meant = find(endpoint, session.endpoints())
    if body is None:
        answered = ask_something(session.clients, meant)
        err.print(f"asked: {answered.request}", markup=False)
    else:
        answered = ask(session.clients, meant, read_body(body))
    if as_json:
        print_json(asdict(answered))
    else:
        _show(answered)
    if not answered.ok:
        raise typer.Exit(FAILED)


def _show(answered: Answered) -> None:
    if answered.stand_in:
        err.print("a stand-in answered: no model has read the request", style="yellow")
    if answered.ok:
        print(answered.body)
    else:
        err.print(answered.body, style="red", markup=False)
