"""``logs``: what the containers of an endpoint, or a build, wrote."""

from __future__ import annotations

import datetime as dt
import json
import re
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from sagemaker_model.cli.aws import Local, Profile, Region, choose_aws
from sagemaker_model.cli.completion import complete_endpoint
from sagemaker_model.cli.console import err

if TYPE_CHECKING:
    from sagemaker_model.logs.log_reader import Line

_PAUSE = 1.0
_LAST = 100
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def logs(
    name: Annotated[
        str,
        typer.Argument(
            metavar="ENDPOINT|STACK|BUILD",
            help="An endpoint, an inference component or a stack; also one that was deleted. With "
            "--build a stack, a project of CodeBuild or the id of a build.",
            autocompletion=complete_endpoint,
        ),
    ],
    *,
    build: Annotated[
        bool, typer.Option("--build", help="What the staging build wrote, not the containers.")
    ] = False,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")] = False,
    since: Annotated[
        str | None,
        typer.Option(help="Only what was written since, such as 30s, 10m, 2h, 1d."),
    ] = None,
    lines: Annotated[
        int | None,
        typer.Option("--lines", "-n", min=1, help="The last lines of each stream. Default: 100."),
    ] = None,
    local: Local = False,
    region: Region = None,
    profile: Profile = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON object a line, for programs.")
    ] = False,
) -> None:
    """Print what the containers of an endpoint, or a build, wrote to CloudWatch Logs.

    For example:

        sagemaker-model logs chat --follow

        sagemaker-model logs chat --since 10m

        sagemaker-model logs chat --build
    """
    begun = None if since is None else dt.datetime.now(dt.UTC) - duration(since)
    aws = choose_aws(local=local, region=region, profile=profile)
    from sagemaker_model.logs.tail import Tail

    last = lines or (None if begun else _LAST)
    tail = Tail(aws, name, build=build, last=last, since=begun)
    show = _print_json if as_json else _print
    news = tail.news()
    show(news)
    if not news and not follow:
        err.print(f"{name} has written nothing{f' in the last {since}' if since else ''}")
    while follow:
        time.sleep(_PAUSE)
        show(tail.news())


def duration(text: str) -> dt.timedelta:
    """Return how long a text says.

    Args:
        text: A number and a unit, such as ``"10m"``.

    Raises:
        BadParameter: It says no time.

    >>> duration("90m").total_seconds()
    5400.0
    """
    found = re.fullmatch(r"(\d{1,6})([smhd])", text.strip())
    if not found:
        raise typer.BadParameter(
            f"{text!r} is no time; give a number and a unit, such as 30s, 10m, 2h, 1d",
            param_hint="--since",
        )
    return dt.timedelta(**{_UNITS[found[2]]: int(found[1])})


def _print(lines: Sequence[Line]) -> None:
    several = len({line.stream for line in lines}) > 1
    for line in lines:
        print(f"{line.stream.name}  {line.text}" if several else line.text, flush=True)


def _print_json(lines: Sequence[Line]) -> None:
    for line in lines:
        told = {"time": line.time.isoformat(), "group": line.stream.group}
        print(json.dumps({**told, "stream": line.stream.name, "message": line.text}), flush=True)
