"""What verbs show of cost, and the options for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from sagemaker_model.aws import RealAws
from sagemaker_model.cli.console import err
from sagemaker_model.cost.estimate import Estimate, estimate, price_keys
from sagemaker_model.cost.fleet import fleets_in
from sagemaker_model.cost.price_list import REGION, ask_prices
from sagemaker_model.cost.prices import PriceKey, Prices, read_prices, write_prices

AskPrices = Annotated[
    bool,
    typer.Option("--prices", help="Ask AWS's Price List what the instances cost, and keep it."),
]
PricesFile = Annotated[
    Path | None,
    typer.Option(
        "--prices-file",
        help="File that prices are kept in, with their date. Default: prices.json beside the app.",
        show_default=False,
    ),
]
StacksRegion = Annotated[
    str | None,
    typer.Option("--region", help="Region of the stacks that leave theirs open, for their price."),
]


def costs_of(
    assembly: Path,
    file: Path,
    *,
    ask: bool = False,
    region: str | None = None,
    profile: str | None = None,
) -> list[Estimate]:
    """Return what the endpoints of a synthesized app cost.

    Args:
        assembly: Folder of the assembly.
        file: File of prices; those that are asked for are written to it.
        ask: Whether AWS is asked for prices. Default: those of the file are all there are.
        region: Region of the stacks that leave theirs open. Default: not known.
        profile: Profile of the AWS configuration to ask with. Default: boto3's choice.

    Raises:
        RuntimeError: AWS does not tell prices.
    """
    fleets = [each if each.region else replace(each, region=region) for each in fleets_in(assembly)]
    prices = read_prices(file)
    wanted = price_keys(fleets)
    if ask and wanted:
        prices |= asked_prices(wanted, profile)
        write_prices(file, prices)
    return [estimate(each, prices) for each in fleets]


def asked_prices(wanted: Iterable[PriceKey], profile: str | None) -> Prices:
    """Ask AWS for prices.

    Args:
        wanted: What is asked for.
        profile: Profile of the AWS configuration to ask with; None for boto3's choice.

    Raises:
        RuntimeError: AWS does not tell prices.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    client = RealAws(REGION, profile).client("pricing")
    try:
        with err.status("asking AWS's Price List"):
            return ask_prices(client, wanted, datetime.now(UTC).date())
    except (BotoCoreError, ClientError) as error:
        raise RuntimeError(
            f"AWS's Price List did not answer: {error}; it wants credentials that may call "
            "pricing:GetProducts; without --prices nothing is asked"
        ) from error
