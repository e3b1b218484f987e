"""``status``: what is deployed on the local AWS."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rich.table import Table

from sagemaker_model.cli.console import AsJson, make_table, out, print_json
from sagemaker_model.cli.local.options import STATE, State
from sagemaker_model.cli.local.session import Session


def status(state: State = STATE, as_json: AsJson = False) -> None:
    """Show the stacks, endpoints and builds, and the URLs of what runs.

    For example:

        sagemaker-model local status
    """
    session = Session(state)
    told = _told(session)
    if as_json:
        print_json(told)
        return
    out.print(f"local AWS  {told['url']}   account {told['account']}, {told['region']}")
    if told["hub"]:
        out.print(f"local Hub  {told['hub']}")
    for title, columns in _TABLES.items():
        if told[title]:
            out.print(_table(title, columns, told[title]))


_TABLES = {
    "stacks": ("name", "region", "status"),
    "endpoints": ("name", "region", "status", "stack"),
    "builds": ("id", "region", "status", "started"),
}


def _told(session: Session) -> dict[str, Any]:
    record = session.record
    return {
        "url": record.endpoint,
        "hub": record.hub_url,
        "account": record.account,
        "region": record.region,
        "stacks": [
            {"name": stack["StackName"], "region": region, "status": stack["StackStatus"]}
            for region in session.regions()
            for stack in session.clients.client("cloudformation", region).describe_stacks()[
                "Stacks"
            ]
        ],
        "endpoints": [asdict(each) for each in session.endpoints()],
        "builds": [
            {**asdict(each), "started": f"{each.started:%H:%M:%S}"} for each in session.builds()
        ],
    }


def _table(title: str, columns: tuple[str, ...], rows: list[dict[str, str]]) -> Table:
    table = make_table(*columns, title=title)
    for row in rows:
        table.add_row(*(row[column] for column in columns))
    return table
