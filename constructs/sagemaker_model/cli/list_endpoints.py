"""``list``: the endpoints that there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.table import Table

from sagemaker_model.aws import Aws
from sagemaker_model.cli.aws import Local, Profile, Region, choose_aws
from sagemaker_model.cli.console import AsJson, err, make_table, out, print_json


def list_endpoints(
    local: Local = False,
    region: Region = None,
    profile: Profile = None,
    as_json: AsJson = False,
) -> None:
    """List the endpoints of an account and Region, the newest first.

    For example:

        sagemaker-model list --region eu-west-1
    """
    found = [*endpoints(choose_aws(local=local, region=region, profile=profile))]
    if as_json:
        print_json(found)
    elif found:
        out.print(_table(found))
    else:
        err.print("there is no endpoint in this account and Region")


def endpoints(aws: Aws) -> Iterator[dict[str, Any]]:
    """Yield what tells endpoints apart, the newest one first.

    Args:
        aws: Makes the clients of AWS.
    """
    pages = aws.client("sagemaker").get_paginator("list_endpoints")
    for page in pages.paginate(SortBy="CreationTime", SortOrder="Descending"):
        for each in page["Endpoints"]:
            yield {
                "name": each["EndpointName"],
                "status": each["EndpointStatus"],
                "created": each["CreationTime"],
                "changed": each["LastModifiedTime"],
                "arn": each["EndpointArn"],
            }


def _table(found: list[dict[str, Any]]) -> Table:
    table = make_table("name", "status", "created", "changed")
    for each in found:
        times = (f"{each[name]:%Y-%m-%d %H:%M}" for name in ("created", "changed"))
        table.add_row(each["name"], each["status"], *times)
    return table
