"""``explain``: say what a rule looks for, and what to do about what it finds."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.markup import escape

from sagemaker_model.checks.example import example_code
from sagemaker_model.checks.finding import NAMESPACE
from sagemaker_model.checks.registry import rules, topics
from sagemaker_model.checks.rule import Rule
from sagemaker_model.cli.console import SEVERITY_STYLES, AsJson, out, print_json
from sagemaker_model.spelling import did_you_mean


def explain(
    rule: Annotated[
        str | None,
        typer.Argument(help="Id of a rule. Default: all are listed.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what a rule looks for, with an example, and what to do about what it finds.

    For example:

        sagemaker-model explain

        sagemaker-model explain image-needs-gpu
    """
    if as_json:
        print_json([*map(_told, rules().values())] if rule is None else _told(_find(rule)))
    elif rule is None:
        _list()
    else:
        _show(_find(rule))


def _find(name: str) -> Rule[Any]:
    wanted = name.strip("[]").removeprefix(f"{NAMESPACE}:")
    found = rules().get(wanted)
    if found is None:
        raise ValueError(
            f"no rule has the id {wanted!r}; {did_you_mean(wanted, rules())}"
            "sagemaker-model explain lists all"
        )
    return found


def _told(rule: Rule[Any]) -> dict[str, str | None]:
    return {
        "id": rule.id,
        "severity": rule.severity.value,
        "title": rule.title,
        "details": rule.details,
        "fix": rule.fix,
        "example": example_code(rule),
    }


def _list() -> None:
    for topic in topics():
        out.print(f"\n[bold]{escape(topic.title)}[/bold]")
        for rule in topic.rules:
            style = SEVERITY_STYLES[rule.severity]
            out.print(
                f"  [{style}]{rule.severity.value:8}[/{style}]{rule.id:32}{escape(rule.title)}"
            )


def _show(rule: Rule[Any]) -> None:
    style = SEVERITY_STYLES[rule.severity]
    out.print(f"[{style}]{rule.severity.value}[/{style}]  [bold]{rule.id}[/bold]")
    out.print(f"{rule.title}\n\n{rule.details}", markup=False)
    for title, text in {
        "What to do": rule.fix,
        "It is found in": _indented(example_code(rule) or ""),
        "Accept it": _indented(
            f'Validations.of(model).acknowledge(\n    Acknowledgment(id="{NAMESPACE}:{rule.id}", '
            'reason="…")\n)'
        ),
        "More": f"docs/rules.md#{rule.id}",
    }.items():
        if text:
            out.print(f"\n[bold]{title}[/bold]")
            out.print(text, markup=False)


def _indented(code: str) -> str:
    return "\n".join(f"    {line}" for line in code.splitlines())
