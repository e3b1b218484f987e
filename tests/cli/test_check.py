"""What ``check`` shows of an app, and how it ends."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sagemaker_model.checks.finding import Finding, Severity
from sagemaker_model.checks.recording import Recorded
from sagemaker_model.checks.sarif import sarif
from sagemaker_model.cli.main import app
from sagemaker_model.cost.fleet import Billing
from sagemaker_model.cost.prices import Price, Prices, write_prices

ROOT = Path(__file__).parents[2]
HEAD = """\
import sys
from aws_cdk import Acknowledgment, App, Stack, Validations
from sagemaker_model import Container, SageMakerModel

app = App()
stack = Stack(app, "Chat")
COMMIT = "a09a35458c702b33eeacc393d103063234e8bc28"
instance_type = app.node.try_get_context("type") or "ml.m5.xlarge"
container = Container(model_id="org/name", revision=COMMIT, instance_type=instance_type)
"""
WRONG = """\
model = SageMakerModel(stack, "Model", model=container)
acknowledgment = Acknowledgment(id="sagemaker-model:not-locked", reason="a demonstration")
Validations.of(model).acknowledge(acknowledgment)
app.synth()
"""
WRONG_LINE = HEAD.count("\n") + 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of an app with an error and an accepted warning."""
    (tmp_path / "cdk.json").write_text(json.dumps({"app": "python app.py"}))
    (tmp_path / "app.py").write_text(HEAD + WRONG)
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    return tmp_path


def check(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["check", *map(str, arguments)])


def test_errors_are_told_with_path_line_and_fix_and_fail(folder: Path) -> None:
    result = check(folder)

    assert result.exit_code == 1
    for part in (
        "image-needs-gpu",
        "Chat/Model",
        f"app.py:{WRONG_LINE}",
        "instance_type: has no GPU",
        "fix: choose a type with one",
        "accepted: a demonstration",
        "1 error(s), 0 warning(s), 0 info(s), 1 accepted",
    ):
        assert part in result.stdout
    assert result.stderr == ""
    assert sorted(path.name for path in folder.iterdir()) == [
        "app.py",
        "cdk.json",
        "node_modules",
    ]


def test_an_app_without_errors_passes_and_warnings_fail_it_only_where_that_is_wanted(
    folder: Path,
) -> None:
    context = ("--context", "type=ml.g99.2xlarge")

    passed, failed = check(folder, *context, "--json"), check(folder, *context, "--strict")

    assert (passed.exit_code, failed.exit_code) == (0, 1)
    told = {each["id"]: each for each in json.loads(passed.stdout)["findings"]}
    assert told["sagemaker-model:instance-type-unknown"]["severity"] == "warning"
    assert told["sagemaker-model:instance-type-unknown"]["accepted"] is False
    assert told["sagemaker-model:not-locked"]["reason"] == "a demonstration"


def test_more_than_is_to_be_spent_fails_with_what_it_costs(folder: Path) -> None:
    prices = Prices(
        {("us-east-1", "ml.g5.2xlarge", Billing.HOSTING): Price(Decimal("1.5"), date(2026, 11, 20))}
    )
    write_prices(folder / "prices.json", prices)

    result = check(
        folder, "-c", "type=ml.g5.2xlarge", "--region", "us-east-1", "--max-hourly", "1", "--json"
    )

    (cost,) = json.loads(result.stdout)["costs"]
    assert (cost["endpoint"], cost["usd_an_hour_at_first"]) == ("Chat/Model", "1.5")
    assert result.exit_code == 1
    assert "cost $1.50 an hour, more than the $1.00 of --max-hourly" in result.stderr


def test_an_app_that_raises_is_shown_as_it_said_it(folder: Path) -> None:
    (folder / "app.py").write_text("raise ValueError('a mistake of my own')")

    result = check(folder)

    assert result.exit_code == 1
    assert "ValueError: a mistake of my own" in result.stderr
    assert "error: the app could not be synthesized; what it said is above" in result.stderr


def test_a_folder_without_an_app_is_refused(tmp_path: Path) -> None:
    result = check(tmp_path)

    assert result.exit_code == 1
    assert "there is no cdk.json in" in result.stderr


def test_an_assembly_is_no_app(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")

    result = check(tmp_path)

    assert result.exit_code == 1
    assert "give the folder of the app itself" in result.stderr


def test_two_formats_at_once_are_a_wrong_use(tmp_path: Path) -> None:
    assert check(tmp_path, "--json", "--sarif").exit_code == 2


def recorded(
    rule: str, severity: Severity, *, accepted: str | None = None, file: str = ""
) -> Recorded:
    finding = Finding(rule, severity, "env.A", "is not right", fix="mend it")
    return Recorded("Chat/Model", finding, accepted, file, 7 if file else 0)


def test_sarif_tells_rules_levels_lines_and_what_was_accepted(tmp_path: Path) -> None:
    own, elsewhere = tmp_path / "my app.py", tmp_path.parent / "shared.py"

    log = sarif(
        [
            recorded("image-needs-gpu", Severity.ERROR, file=str(own)),
            recorded("image-tag-moves", Severity.WARNING, accepted="known", file=str(elsewhere)),
            recorded("staging-chosen", Severity.INFO),
        ],
        tmp_path,
    )

    (run,) = log["runs"]
    rules, results = run["tool"]["driver"]["rules"], run["results"]
    assert log["version"] == "2.1.0"
    assert [each["level"] for each in results] == ["error", "warning", "note"]
    assert [rules[each["ruleIndex"]]["id"] for each in results] == [
        each["ruleId"] for each in results
    ]
    assert all(each["message"]["text"] for each in results)
    assert results[0]["locations"] == [
        {
            "logicalLocations": [{"fullyQualifiedName": "Chat/Model", "kind": "resource"}],
            "physicalLocation": {
                "artifactLocation": {"uri": "my%20app.py", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 7},
            },
        }
    ]
    assert results[1]["locations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": elsewhere.as_uri()
    }
    assert [each["suppressions"] for each in results] == [
        [],
        [{"kind": "inSource", "justification": "known"}],
        [],
    ]
    assert "physicalLocation" not in results[2]["locations"][0]
    assert json.loads(json.dumps(log)) == log


def test_sarif_of_an_app_without_findings_says_that_it_was_looked_at(tmp_path: Path) -> None:
    (run,) = sarif([], tmp_path)["runs"]

    assert run["results"] == []
    assert run["tool"]["driver"]["rules"] == []
