"""``why``: the cause of a failed deployment, in the words of whoever knows it, and the fix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.markup import escape

from sagemaker_model.cli.aws import Local, Profile, Region, choose_aws
from sagemaker_model.cli.completion import complete_endpoint
from sagemaker_model.cli.console import FAILED, AsJson, err, out, print_json
from sagemaker_model.cli.endpoint_name import find_endpoint_name
from sagemaker_model.why.diagnose import Diagnosis, diagnose
from sagemaker_model.why.evidence import Evidence, Said

_LAST = 12
"""How many lines of a log are shown."""


def why(
    name: Annotated[
        str,
        typer.Argument(
            metavar="STACK|ENDPOINT",
            help="Name of a stack, or of an endpoint.",
            autocompletion=complete_endpoint,
        ),
    ],
    local: Local = False,
    region: Region = None,
    profile: Profile = None,
    as_json: AsJson = False,
) -> None:
    """Tell why a deployment failed, and how to mend it.

    It reads what CloudFormation, SageMaker, the containers and the build said; also of a stack
    that was rolled back and deleted. For example:

        sagemaker-model why chat

        sagemaker-model why chat --local
    """
    evidence = _evidence(name, local=local, region=region, profile=profile)
    found = diagnose(evidence)
    if as_json:
        print_json(_json(evidence, found))
    else:
        _show(name, evidence, found)
    if not found and evidence.failure:
        raise typer.Exit(FAILED)


def _evidence(name: str, *, local: bool, region: str | None, profile: str | None) -> Evidence:
    aws = choose_aws(local=local, region=region, profile=profile)
    from sagemaker_model.why.gather import of_endpoint, of_stack

    with err.status(f"gathering what was said of {escape(name)}"):
        try:
            return of_stack(aws, name)
        except LookupError:
            return of_endpoint(aws, find_endpoint_name(aws, name))


def _json(evidence: Evidence, found: Sequence[Diagnosis]) -> object:
    return {
        "causes": [
            {
                "id": cause.id,
                "title": cause.title,
                "fix": cause.fix,
                "rules": list(cause.rules),
                "by": said.by,
                "said": said.text,
            }
            for cause, said in found
        ],
        "said": [said._asdict() for said in evidence.said()],
        "unread": list(evidence.unread),
    }


def _show(name: str, evidence: Evidence, found: Sequence[Diagnosis]) -> None:
    for part in evidence.unread:
        err.print(f"could not read {part}", style="yellow", markup=False)
    if not found and not evidence.failure:
        err.print(f"nothing failed in the last change of {name}", markup=False)
        return
    for said in (*evidence.failed, *evidence.endpoint):
        _quote(said.by, [said])
    _quote("the end of the container's log", evidence.container[-_LAST:])
    _quote("the end of the build's log", evidence.build[-_LAST:])
    for cause, said in found[:1]:
        out.print(f"\n{cause.title}", style="bold", markup=False)
        out.print(f"  told by {said.by}: {said.text.strip()}", markup=False)
        out.print(f"  fix: {cause.fix}", markup=False)
        if cause.rules:
            rules = ", ".join(cause.rules)
            out.print(f"  warned of at synth by: {rules}", markup=False)
    for cause, _ in found[1:]:
        out.print(f"It may also be: {cause.title}", style="dim", markup=False)
    if not found:
        err.print("no known cause is among what was said", markup=False)


def _quote(title: str, lines: Sequence[Said]) -> None:
    if lines:
        out.print(f"{title}:", style="dim", markup=False)
        out.print("\n".join(f"  {said.text}" for said in lines), markup=False)
