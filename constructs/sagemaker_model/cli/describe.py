"""``describe``: what a synthesized app holds, or what an endpoint is now."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from sagemaker_model.aws import Aws
from sagemaker_model.cli.assembly_summary import render, summarize
from sagemaker_model.cli.aws import Local, Profile, choose_aws
from sagemaker_model.cli.completion import complete_endpoint
from sagemaker_model.cli.console import AsJson, err, print_json
from sagemaker_model.cli.cost import AskPrices, PricesFile, asked_prices, costs_of
from sagemaker_model.cli.endpoint_name import find_endpoint_name
from sagemaker_model.cli.endpoint_summary import endpoint_lines
from sagemaker_model.cost.estimate import Estimate, estimate, price_keys
from sagemaker_model.cost.prices import FILE_NAME, read_prices, write_prices
from sagemaker_model.cost.table import cost_lines

_ASSEMBLY = "cdk.out"


def describe(
    what: Annotated[
        str,
        typer.Argument(
            metavar="FOLDER|ENDPOINT",
            help="Folder that cdk synth wrote, or an endpoint or a stack with one.",
            autocompletion=complete_endpoint,
        ),
    ] = _ASSEMBLY,
    *,
    ask_prices: AskPrices = False,
    prices_file: PricesFile = None,
    local: Local = False,
    region: Annotated[
        str | None,
        typer.Option(
            "--region",
            help="Region of the endpoint; of a folder's stacks that leave theirs open, for prices.",
        ),
    ] = None,
    profile: Profile = None,
    as_json: AsJson = False,
) -> None:
    """Show what a synthesized app holds, or what an endpoint is now, and what it costs.

    What looks like a folder is a synthesized app, anything else a name. For example:

        sagemaker-model describe cdk.out

        sagemaker-model describe chat --region eu-west-1
    """
    file = prices_file or Path(FILE_NAME)
    if not local and _is_folder(what):
        shown = _folder(Path(what), file, ask=ask_prices, region=region, profile=profile)
    else:
        aws = choose_aws(local=local, region=region, profile=profile)
        shown = _endpoint(aws, what, file, ask=ask_prices, profile=profile)
    if as_json:
        print_json({**shown.told, "cost": [_cost(each) for each in shown.costs]})
        return
    cost = ["", "cost", *(f"  {line}" for line in cost_lines(shown.costs))] if shown.costs else []
    print("\n".join([*shown.lines, *cost]))


class _Shown(NamedTuple):
    """What is shown: lines for people, the same for programs, and what it costs."""

    lines: list[str]
    told: dict[str, object]
    costs: list[Estimate]


def _is_folder(what: str) -> bool:
    return what == _ASSEMBLY or os.sep in what or (Path(what) / "manifest.json").is_file()


def _folder(
    folder: Path, file: Path, *, ask: bool, region: str | None, profile: str | None
) -> _Shown:
    stacks = summarize(folder)
    costs = costs_of(folder, file, ask=ask, region=region, profile=profile)
    return _Shown([render(stacks)], {"stacks": [asdict(each) for each in stacks]}, costs)


def _endpoint(aws: Aws, name: str, file: Path, *, ask: bool, profile: str | None) -> _Shown:
    from sagemaker_model.deployed.fleets import fleets_of
    from sagemaker_model.deployed.read import read_endpoint

    found = read_endpoint(aws, find_endpoint_name(aws, name))
    for part in found.unread:
        err.print(f"could not read {part}", style="yellow", markup=False)
    fleets, prices = fleets_of(found), read_prices(file)
    wanted = price_keys(fleets)
    if ask and wanted:
        prices |= asked_prices(wanted, profile)
        write_prices(file, prices)
    costs = [estimate(each, prices) for each in fleets]
    return _Shown([*endpoint_lines(found)], {"endpoint": asdict(found)}, costs)


def _cost(each: Estimate) -> dict[str, object]:
    return {
        "of": each.fleet.endpoint,
        "instance_type": each.fleet.instance_type,
        "usd_an_hour": each.hourly,
        "usd_a_month": each.monthly,
        "usd_an_hour_at_most": each.most,
        "note": each.note,
        "asked": each.asked,
    }
