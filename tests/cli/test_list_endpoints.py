"""``list`` shows the endpoints that there are."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from runtime.fake_aws import FakeAws
from sagemaker_model.cli.console import make_table
from sagemaker_model.cli.main import app

ARN = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["list", *arguments])


@pytest.fixture
def listed(aws: FakeAws, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    endpoints: list[dict[str, Any]] = []

    def describe(operation: str) -> dict[str, Any]:
        assert operation == "ListEndpoints"
        return {"Endpoints": endpoints}

    monkeypatch.setattr(aws, "describe", describe)
    return endpoints


def endpoint(name: str, status: str) -> dict[str, Any]:
    return {
        "EndpointName": name,
        "EndpointArn": f"{ARN}{name}",
        "EndpointStatus": status,
        "CreationTime": 1767225600,
        "LastModifiedTime": 1767229200,
    }


def test_endpoints_are_listed_with_their_status(listed: list[dict[str, Any]]) -> None:
    listed += [endpoint("chat", "InService"), endpoint("search", "Failed")]

    head, *rows = run().stdout.splitlines()

    assert head.split() == ["name", "status", "created", "changed"]
    assert [row.split()[:2] for row in rows] == [["chat", "InService"], ["search", "Failed"]]


def test_programs_get_json(listed: list[dict[str, Any]]) -> None:
    listed.append(endpoint("chat", "InService"))

    (told,) = json.loads(run("--json").stdout)

    assert (told["name"], told["status"], told["arn"]) == ("chat", "InService", f"{ARN}chat")


def test_none_is_said_beside_the_output(listed: list[dict[str, Any]]) -> None:
    assert listed == []
    done = run()

    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "there is no endpoint in this account and Region\n"


def test_on_a_narrow_terminal_names_are_folded_and_never_cut() -> None:
    name = "Search-ModelEndpoint65D8CF31-A33876E0E7A01-and-more-of-a-name"
    written = StringIO()
    terminal = Console(width=80, soft_wrap=True, file=written)
    table = make_table("name", "status", "created", "changed")
    table.add_row(name, "InService", "2026-01-01 10:00", "2026-01-01 10:00")

    terminal.print(table)

    shown = written.getvalue()
    assert max(map(len, shown.splitlines())) <= 80
    assert "".join(line.split()[0] for line in shown.splitlines()[1:]) == name
