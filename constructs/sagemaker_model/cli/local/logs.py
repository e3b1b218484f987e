"""``logs``: what an endpoint or a build wrote."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from sagemaker_model.cli.local.options import STATE, State
from sagemaker_model.cli.local.session import Session
from sagemaker_model.local.build_logs import Build, LogLines
from sagemaker_model.local.endpoints import find

_PAUSE = 0.5


def logs(
    of: Annotated[
        str,
        typer.Argument(
            metavar="ENDPOINT|BUILD",
            help="An endpoint or its stack, or the id or project of a build.",
        ),
    ],
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")] = False,
    state: State = STATE,
) -> None:
    """Print the log of an endpoint, or of a build.

    For example:

        sagemaker-model local logs search-custom --follow
    """
    session = Session(state)
    lines = LogLines(session.clients)
    while True:
        for region, group, stream in _streams(session, of):
            for line in lines.news(region, group, stream):
                print(line, flush=True)
        if not follow:
            return
        time.sleep(_PAUSE)


def _streams(session: Session, of: str) -> list[tuple[str, str, str]]:
    build = _build(session, of)
    if build:
        return [(build.region, build.group, build.stream)] if build.group else []
    endpoint = find(of, session.endpoints())
    group = f"/aws/sagemaker/Endpoints/{endpoint.name}"
    found = session.clients.client("logs", endpoint.region).describe_log_streams(logGroupName=group)
    return [(endpoint.region, group, each["logStreamName"]) for each in found["logStreams"]]


def _build(session: Session, of: str) -> Build | None:
    # The newest first, so that a project means its last build.
    return next((each for each in session.builds() if of in {each.id, each.project}), None)
