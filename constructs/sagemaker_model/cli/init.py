"""``init``: a new CDK app that deploys a model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sagemaker_model.cli.aws import Profile
from sagemaker_model.cli.console import AsJson
from sagemaker_model.cli.samples import Samples
from sagemaker_model.cli.terminal import is_terminal
from sagemaker_model.weights.hub_model import HubModel, check_can_be_staged


def init(  # noqa: PLR0917 - typer takes options by name
    model: Annotated[
        str | None,
        typer.Argument(metavar="MODEL_ID[@REVISION]", help="A model of the Hugging Face Hub."),
    ] = None,
    custom: Annotated[
        bool, typer.Option("--custom", help="Serve it by inference code of your own, in code/.")
    ] = False,
    folder: Annotated[Path, typer.Option(help="Where the app is written.")] = Path(),
    name: Annotated[
        str | None, typer.Option(help="Name of the stack. Default: made of the model's.")
    ] = None,
    instance_type: Annotated[
        str | None, typer.Option(help="Default: the smallest that the model fits on.")
    ] = None,
    container: Annotated[
        str | None,
        typer.Option(help="Image: repository:tag, a URI, or a name of ContainerImages."),
    ] = None,
    max_total_tokens: Annotated[
        int | None, typer.Option(min=1, help="Longest prompt and answer. Default: the model's.")
    ] = None,
    region: Annotated[
        str | None, typer.Option(help="Region of the stack. Default: the CDK CLI's.")
    ] = None,
    hf_token: Annotated[
        str | None, typer.Option(metavar="SECRET", help="Secret with the Hub token, by name.")
    ] = None,
    prices: Annotated[
        bool, typer.Option("--prices", help="Ask AWS's Price List what the instance costs.")
    ] = False,
    samples: Samples = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")] = False,
    as_json: AsJson = False,
    profile: Profile = None,
) -> None:
    """Write a new CDK app that deploys a model, with a test and a lock file.

    Engine and instance type are chosen by what the Hub says of the model; the reasons are told.
    Nothing is overwritten, and nothing is written unless the app synthesizes without an error.

    For example:

        sagemaker-model init Qwen/Qwen2.5-7B-Instruct --folder chat

        sagemaker-model init sentence-transformers/all-MiniLM-L6-v2 --custom --samples

        sagemaker-model init --custom
    """
    if prices and region is None:
        raise typer.BadParameter("--prices needs a Region; give --region")
    asks = not yes and not as_json and is_terminal()
    given = _model(model, custom=custom, asks=asks)
    # It starts the Node.js of the CDK, which takes a second.
    from sagemaker_model.cli.new_project import new_project
    from sagemaker_model.project.plan import Asked

    asked = Asked(
        model=given,
        custom=custom,
        name=name,
        instance_type=instance_type,
        container=container,
        max_total_tokens=max_total_tokens,
        region=region,
        hf_token=hf_token,
        samples=samples,
    )
    made = new_project(asked, folder, asks=asks, prices=prices, profile=profile)
    tell = made.print_json if as_json else made.show
    tell()


def _model(text: str | None, *, custom: bool, asks: bool) -> HubModel | None:
    """Return the model that is named; None for inference code without one."""
    if text is None and asks and not custom:
        text = typer.prompt("Model of the Hugging Face Hub, org/name", err=True)
    if text is None:
        if custom:
            return None
        raise typer.BadParameter("name a model: org/name, or --custom for code without one")
    model = HubModel.parse(text.strip())
    check_can_be_staged((model,))
    return model
