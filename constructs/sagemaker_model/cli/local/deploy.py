"""``deploy``: bring this folder's app to the local AWS, and ask its endpoints."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.markup import escape

from sagemaker_model.cli.console import FAILED, AsJson, err, out, print_json
from sagemaker_model.cli.local.options import STATE, State
from sagemaker_model.cli.local.progress import run_with_progress
from sagemaker_model.cli.local.session import Session
from sagemaker_model.local.endpoints import Answered, ask_something

_BOOTSTRAP = "CDKToolkit"
_SHOWN = 160


def deploy(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[STACKS]... [-- CDK ARGUMENTS]",
            help="Names of stacks (default: all); after --, arguments of cdk deploy.",
            show_default=False,
        ),
    ] = None,
    state: State = STATE,
    as_json: AsJson = False,
) -> None:
    """Deploy stacks of this folder's app with the CDK CLI, and ask each endpoint something.

    For example:

        sagemaker-model local deploy

        sagemaker-model local deploy chat -- -c model_id=Qwen/Qwen2.5-7B-Instruct
    """
    stacks, given = split(arguments or [])
    session = Session(state)
    app = session.app
    _must_work(session, app.synth(given), quiet=as_json)
    for region in _without_bootstrap(session):
        _must_work(session, app.bootstrap(region), quiet=as_json)
    code = run_with_progress(session, app.deploy(stacks, given), quiet=as_json)
    names = {stack.name for stack in app.stacks()}
    deployed = [each for each in session.endpoints() if each.stack in names]
    answers = [ask_something(session.clients, each) for each in deployed if code == 0]
    if as_json:
        told = [asdict(each) for each in deployed]
        print_json({"ok": code == 0, "endpoints": told, "answers": [asdict(a) for a in answers]})
    else:
        for answered in answers:
            _show(answered)
    if code:
        raise typer.Exit(FAILED)


def split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Split stacks from arguments of the CDK CLI, which begin with the first option.

    >>> split(["chat", "-c", "a=1"])
    (['chat'], ['-c', 'a=1'])
    """
    first = next(
        (index for index, each in enumerate(arguments) if each.startswith("-")), len(arguments)
    )
    return arguments[:first], arguments[first:]


def _must_work(session: Session, command: list[str], *, quiet: bool) -> None:
    if run_with_progress(session, command, quiet=quiet):
        raise typer.Exit(FAILED)


def _without_bootstrap(session: Session) -> list[str]:
    regions = dict.fromkeys(stack.region for stack in session.app.stacks())
    return [region for region in regions if not _is_bootstrapped(session, region)]


def _is_bootstrapped(session: Session, region: str) -> bool:
    from botocore.exceptions import ClientError

    try:
        session.clients.client("cloudformation", region).describe_stacks(StackName=_BOOTSTRAP)
    except ClientError:
        return False
    return True


def _show(answered: Answered) -> None:
    short = answered.body if len(answered.body) <= _SHOWN else f"{answered.body[:_SHOWN]}…"
    style = "green" if answered.ok else "red"
    out.print(f"\n[bold]{escape(answered.endpoint)}[/bold]  {answered.seconds:.2f} s")
    out.print(f"  asked     {answered.request}", markup=False)
    out.print(f"  answered  {short}", style=style, markup=False)
    if answered.answered_by:
        out.print(f"  by        {answered.answered_by}", style="yellow", markup=False)
    if not answered.ok:
        err.print(
            f"  ask it yourself: sagemaker-model invoke {answered.endpoint} BODY --local",
            markup=False,
        )
