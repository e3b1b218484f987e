"""Make the project that ``init`` is asked for, with somebody's say, and tell of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import typer

from sagemaker_model.cli.console import FAILED, err, out, print_json
from sagemaker_model.cli.cost import asked_prices
from sagemaker_model.cli.samples import hub_to_ask
from sagemaker_model.cost.estimate import HOURS_OF_A_MONTH, dollars
from sagemaker_model.cost.fleet import Billing
from sagemaker_model.cost.prices import FILE_NAME, Price, prices_text
from sagemaker_model.model_lock.locked_model import LockedModel
from sagemaker_model.project.app_files import project_files
from sagemaker_model.project.folder import must_be_free, write_files
from sagemaker_model.project.plan import Asked, Plan, make_plan
from sagemaker_model.project.starter import Files
from sagemaker_model.project.trial import with_lock
from sagemaker_model.weights.hub_model import HubModel


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProject:
    """A project that was written.

    Args:
        plan: What it is, and why.
        model: What the Hub said of its model; None where it has none.
        folder: Where it lies.
        files: Its files' names.
        price: What an hour of its instance costs; None where that was not asked for.
    """

    plan: Plan
    model: LockedModel | None
    folder: Path
    files: list[str]
    price: Price | None = None

    def show(self) -> None:
        """Tell people of it."""
        project = self.plan.project
        if self.price is not None:
            err.print(_cost(project.instance_type, self.price))
        out.print(f"{self.folder}: {', '.join(self.files)}", markup=False)
        if project.hf_token:
            err.print("store the Hub token: sagemaker-model token set", project.hf_token)
        err.print("README.md tells how it is checked, tried here, deployed and destroyed")

    def print_json(self) -> None:
        """Tell programs of it."""
        project = self.plan.project
        print_json(
            {
                "folder": self.folder,
                "files": self.files,
                "stack": project.name,
                "model_id": project.model_id,
                "commit": self.model.commit if self.model else None,
                "task": project.task,
                "image": project.image,
                "instance_type": project.instance_type,
                "hf_token": project.hf_token,
                "usd_an_hour": self.price.usd if self.price else None,
                "reasons": self.plan.reasons,
            }
        )


def new_project(
    asked: Asked, folder: Path, *, asks: bool, prices: bool, profile: str | None
) -> NewProject:
    """Write the project that is asked for.

    Args:
        asked: What is asked for.
        folder: Where it is written.
        asks: Whether somebody is there to be asked.
        prices: Whether AWS is asked what the instance costs.
        profile: Profile of the AWS configuration to ask with; None for boto3's choice.

    Raises:
        RuntimeError: The Hub, or AWS's Price List, does not answer.
        ValueError: The model can't be served so, or a file is in the way.
    """
    folder = folder.absolute()
    known = _known(asked.model, samples=asked.samples) if asked.model else None
    plan = make_plan(known, asked)
    must_be_free(folder, project_files(plan.project))
    _explain(plan)
    if asks:
        plan = _agreed(plan, known, asked, folder)
    price, kept = _priced(plan, profile) if prices else (None, {})
    with err.status("synthesizing it"):
        files = with_lock({**project_files(plan.project), **kept}, known)
    must_be_free(folder, files)
    write_files(folder, files)
    return NewProject(plan=plan, model=known, folder=folder, files=sorted(files), price=price)


def _known(model: HubModel, *, samples: bool) -> LockedModel:
    from sagemaker_model.hub.client import HubClient

    with hub_to_ask(samples=samples) as url:
        return HubClient(endpoint=url).lock(model)


def _explain(plan: Plan) -> None:
    for line in plan.reasons:
        err.print(line, markup=False)


def _agreed(plan: Plan, known: LockedModel | None, asked: Asked, folder: Path) -> Plan:
    """Return the plan after somebody has had a say."""
    if asked.instance_type is None:
        chosen = plan.project.instance_type
        wanted = typer.prompt("Instance type", default=chosen, err=True).strip()
        if wanted != chosen:
            plan = make_plan(known, replace(asked, instance_type=wanted))
            _explain(plan)
    if not typer.confirm(f"Write the app to {folder}?", default=True, err=True):
        raise typer.Exit(FAILED)
    return plan


def _priced(plan: Plan, profile: str | None) -> tuple[Price, Files]:
    """Return the price of an hour, and the file that keeps it for other verbs."""
    key = (plan.project.region or "", plan.project.instance_type, Billing.HOSTING)
    prices = asked_prices([key], profile)
    return prices.known[key], {FILE_NAME: prices_text(prices)}


def _cost(instance_type: str, price: Price) -> str:
    if price.usd is None:
        return f"AWS's Price List has no one price for {instance_type} ({price.asked})"
    month = dollars(price.usd * HOURS_OF_A_MONTH)
    return f"{instance_type}: {dollars(price.usd)} an hour, {month} a month ({price.asked})"
