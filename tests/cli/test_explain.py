"""What ``explain`` tells of a rule."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner, Result

from sagemaker_model.checks.registry import rules
from sagemaker_model.cli.main import app


def explain(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["explain", *arguments])


@pytest.mark.parametrize(
    "name",
    ["image-needs-gpu", "sagemaker-model:image-needs-gpu", "[sagemaker-model:image-needs-gpu]"],
)
def test_a_rule_is_explained_by_its_id_as_messages_show_it(name: str) -> None:
    result = explain(name)

    assert result.exit_code == 0
    rule = rules()["image-needs-gpu"]
    for part in (
        "error",
        rule.title,
        rule.details,
        rule.fix,
        'a_container("ml.m5.xlarge")',
        'Acknowledgment(id="sagemaker-model:image-needs-gpu"',
        "docs/rules.md#image-needs-gpu",
    ):
        assert part in result.stdout


def test_an_unknown_rule_is_answered_with_the_one_that_was_meant() -> None:
    result = explain("image-need-gpu")

    assert result.exit_code == 1
    assert "no rule has the id 'image-need-gpu'; did you mean 'image-needs-gpu'?" in result.stderr


def test_without_a_rule_all_are_listed() -> None:
    listed = explain().stdout

    assert [rule for rule in rules() if f"{rule} " not in listed] == []


def test_programs_are_told_one_rule_or_all_in_json() -> None:
    one = json.loads(CliRunner().invoke(app, ["explain", "image-needs-gpu", "--json"]).stdout)
    every = json.loads(CliRunner().invoke(app, ["explain", "--json"]).stdout)

    assert (one["id"], one["severity"]) == ("image-needs-gpu", "error")
    assert one in every
    assert {each["id"] for each in every} == rules().keys()
