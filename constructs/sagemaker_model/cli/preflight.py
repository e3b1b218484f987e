"""``preflight``: ask AWS before a deployment what only AWS knows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from sagemaker_model.cli.aws import Local, Profile, Region, choose_aws
from sagemaker_model.cli.console import FAILED, AsJson, out, print_json, tracked
from sagemaker_model.preflight.gather import questions_of
from sagemaker_model.preflight.question import Answer, Outcome, Question

_STYLES = {Outcome.OK: "green", Outcome.FAILS: "red", Outcome.UNASKED: "yellow"}


def preflight(
    assembly: Annotated[Path, typer.Argument(help="Folder that cdk synth wrote.")] = Path(
        "cdk.out"
    ),
    local: Local = False,
    region: Region = None,
    profile: Profile = None,
    as_json: AsJson = False,
) -> None:
    """Ask AWS whether images, quotas, weights, secrets and model packages are there.

    Nothing is changed. What your credentials may not ask is told and does not fail. For example:

        sagemaker-model preflight

        sagemaker-model preflight cdk.out --profile production
    """
    if not (assembly / "manifest.json").is_file():
        raise FileNotFoundError(
            f"no synthesized app in {assembly}; run cdk synth --output {assembly} first"
        )
    aws = choose_aws(local=local, region=region, profile=profile)
    from sagemaker_model.preflight.ask import ask

    caller = aws.client("sts")
    account = caller.get_caller_identity()["Account"]
    questions = questions_of(assembly, account, region or caller.meta.region_name)
    answers = [(each, ask(aws, each)) for each in tracked(questions, "asking AWS")]
    if as_json:
        print_json([_told(*each) for each in answers])
    else:
        _show(answers)
    if any(answer.outcome is Outcome.FAILS for _, answer in answers):
        raise typer.Exit(FAILED)


def _told(question: Question, answer: Answer) -> dict[str, object]:
    return {
        "about": question.about.value,
        "subject": question.subject,
        "region": question.region,
        "construct": question.path,
        "outcome": answer.outcome.value,
        "detail": answer.detail,
        "fix": answer.fix,
    }


def _show(answers: list[tuple[Question, Answer]]) -> None:
    for question, answer in answers:
        style = _STYLES[answer.outcome]
        out.print(
            f"[{style}]{answer.outcome.value}[/{style}]  {question.about.value} "
            f"{escape(question.subject)}: {escape(answer.detail)}"
        )
        if answer.fix:
            out.print(f"    fix: {answer.fix}", markup=False)
    counts = {each: sum(answer.outcome is each for _, answer in answers) for each in Outcome}
    out.print(", ".join(f"{count} {outcome.value}" for outcome, count in counts.items()))
