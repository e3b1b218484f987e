"""``check``: show what is found in an app, before anything is deployed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from sagemaker_model.checks.finding import Severity, rule_id
from sagemaker_model.checks.recording import Recorded
from sagemaker_model.checks.sarif import sarif
from sagemaker_model.checks.synthesis import Synthesis, synthesized
from sagemaker_model.cli.aws import Profile
from sagemaker_model.cli.console import FAILED, SEVERITY_STYLES, AsJson, err, out, print_json
from sagemaker_model.cli.cost import AskPrices, PricesFile, StacksRegion, costs_of
from sagemaker_model.cost.estimate import Estimate, must_cost_at_most
from sagemaker_model.cost.prices import FILE_NAME
from sagemaker_model.cost.table import cost_lines


def check(  # noqa: PLR0917 - typer takes options by name
    folder: Annotated[Path, typer.Argument(help="Folder of a CDK app.")] = Path(),
    app: Annotated[
        str | None,
        typer.Option("--app", "-a", help="Command that runs it. Default: what cdk.json says."),
    ] = None,
    context: Annotated[
        list[str] | None, typer.Option("--context", "-c", help="Context of the app: key=value.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Fail on warnings too.")] = False,
    as_json: AsJson = False,
    as_sarif: Annotated[
        bool, typer.Option("--sarif", help="Print SARIF 2.1.0, for code hosts.")
    ] = False,
    ask_prices: AskPrices = False,
    prices_file: PricesFile = None,
    max_hourly: Annotated[
        float | None,
        typer.Option(min=0, help="Fail where all instances cost more US dollars an hour."),
    ] = None,
    region: StacksRegion = None,
    profile: Profile = None,
) -> None:
    """Show what is found in an app and what it costs, and fail on errors.

    The app is synthesized by the CDK CLI into a temporary folder; nothing is deployed. What was
    accepted is told and does not count. For example:

        sagemaker-model check

        sagemaker-model check --strict --max-hourly 5 -c stage=prod
    """
    if as_json and as_sarif:
        raise typer.BadParameter("--json and --sarif can't be given together; give one of them")
    with ExitStack() as stack:
        with err.status("synthesizing the app"):
            synthesis = stack.enter_context(synthesized(folder, app=app, context=context or ()))
        findings = synthesis.findings
        if not synthesis.worked and not _counted(findings, Severity.ERROR):
            err.print(synthesis.output, markup=False)
            raise RuntimeError("the app could not be synthesized; what it said is above")
        file = prices_file or folder / FILE_NAME
        costs = _costs(synthesis, file, ask=ask_prices, region=region, profile=profile)
    if as_sarif:
        print_json(sarif(findings, folder.absolute()))
    elif as_json:
        print_json(_told(findings, costs))
    else:
        _show(findings, costs)
    if max_hourly is not None:
        must_cost_at_most(costs, Decimal(str(max_hourly)))
    if _counted(findings, Severity.ERROR) or (strict and _counted(findings, Severity.WARNING)):
        raise typer.Exit(FAILED)


def _costs(
    synthesis: Synthesis, file: Path, *, ask: bool, region: str | None, profile: str | None
) -> list[Estimate]:
    """Return what the endpoints cost; nothing of an app whose errors leave it without templates."""
    if not synthesis.worked:
        return []
    return costs_of(synthesis.assembly, file, ask=ask, region=region, profile=profile)


def _counted(findings: Sequence[Recorded], severity: Severity) -> int:
    return sum(each.finding.severity is severity and each.accepted is None for each in findings)


def _told(findings: Sequence[Recorded], costs: Sequence[Estimate]) -> dict[str, Any]:
    return {
        "costs": [
            {
                "endpoint": each.fleet.endpoint,
                "region": each.fleet.region,
                "instance_type": each.fleet.instance_type,
                "billing": each.fleet.billing.value,
                "usd_an_hour_at_first": each.hourly,
                "usd_a_month_at_the_least": each.monthly,
                "usd_an_hour_at_most": each.most,
                "asked": each.asked,
                "note": each.note,
            }
            for each in costs
        ],
        "findings": [
            {
                "construct": each.construct,
                "file": each.file,
                "line": each.line,
                "id": rule_id(each.finding.rule),
                "severity": each.finding.severity.value,
                "path": each.finding.path,
                "what": each.finding.what,
                "got": each.finding.got,
                "allowed": each.finding.allowed,
                "fix": each.finding.fix,
                "accepted": each.accepted is not None,
                "reason": each.accepted or "",
            }
            for each in findings
        ],
    }


def _show(findings: Sequence[Recorded], costs: Sequence[Estimate]) -> None:
    if findings:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0))
        table.add_column("rule", no_wrap=True)
        for column in ("where", "what and how to mend it"):
            table.add_column(column, overflow="fold")
        for each in findings:
            table.add_row(_rule(each), _where(each), _what(each))
        out.print(table)
    counts = [f"{_counted(findings, each)} {each.value}(s)" for each in Severity]
    accepted = sum(each.accepted is not None for each in findings)
    out.print(", ".join([*counts, f"{accepted} accepted"]))
    if costs:
        out.print("\n[bold]cost[/bold]")
        out.print("\n".join(f"  {line}" for line in cost_lines(costs)), markup=False)


def _rule(recorded: Recorded) -> str:
    severity = recorded.finding.severity
    style = SEVERITY_STYLES[severity] if recorded.accepted is None else "dim"
    return f"[{style}]{severity.value}[/{style}]\n{recorded.finding.rule}"


def _where(recorded: Recorded) -> str:
    line = f"{Path(recorded.file).name}:{recorded.line}" if recorded.file else ""
    return escape("\n".join(filter(None, [recorded.construct, line])))


def _what(recorded: Recorded) -> str:
    finding = recorded.finding
    lines = [str(finding).partition("; fix: ")[0]]
    if finding.fix:
        lines.append(f"fix: {finding.fix}")
    if recorded.accepted is not None:
        lines.append(f"accepted: {recorded.accepted or 'without a reason'}")
    return escape("\n".join(lines))
