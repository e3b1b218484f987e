"""What the documentation says that changing an argument does is what it does."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

import pytest

import sagemaker_model
from program import load
from sagemaker_model.alarms import AlarmThresholds
from sagemaker_model.hosting.scalable import TrackingOptions
from updates.apps import resources
from updates.change import Change
from updates.changes import CHANGES
from updates.differences import Resources, create_only, effects

ROOT = Path(__file__).parents[2]
CDK_OWN = {"self", "scope", "id"}
NOT_OF_A_MODEL = {
    "Scaling": "made by auto_scale, with its arguments",
    "DefaultAlarms": "made by add_default_alarms, likewise",
    "VpcEndpoints": "belongs to the VPC, and no model changes with it",
}
"""Classes whose arguments are told elsewhere, and where."""
METHODS = {
    "SageMakerModel": re.compile("auto_scale|roll_back_on|add_|retain_"),
    "Scaling": re.compile("scale_on_"),
    "RollOut": re.compile("all_at_once|canary|linear|rolling"),
}
"""Methods that add to the template, by their class."""
OPTIONS = {f"Unpack[{each.__name__}]": each for each in (TrackingOptions, AlarmThresholds)}
"""Keyword options, by their annotation."""


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_it_does_what_the_documentation_says(change: Change) -> None:
    assert effects(resources(change, change.before), resources(change, change.after)) == change.does


def test_no_change_is_told_twice() -> None:
    told = [str(change) for change in CHANGES]

    assert len(set(told)) == len(told)


def names(function: Any, *, but: set[str]) -> Iterator[str]:
    """Give the names of the arguments, of keyword options one by one."""
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD:
            yield from get_type_hints(OPTIONS[parameter.annotation])
        elif name not in but:
            yield name


def public_arguments() -> Iterator[str]:
    for name in sagemaker_model.__all__:
        cls = getattr(sagemaker_model, name)
        constructor = vars(cls).get("__init__")
        if constructor is not None and name not in NOT_OF_A_MODEL:
            yield from (f"{name}({each})" for each in names(constructor, but=CDK_OWN))
        for method, function in inspect.getmembers(cls, inspect.isfunction):
            if name in METHODS and METHODS[name].match(method):
                given = names(function, but={"self"})
                yield from (f"{name}.{method}({each})" for each in given)


def test_every_argument_of_every_class_is_told() -> None:
    told = {f"{change.of}({change.argument})" for change in CHANGES}

    assert set(public_arguments()) - told == set()
    assert told - set(public_arguments()) == set()


def test_what_replaces_the_endpoint_is_told_as_dangerous() -> None:
    replacing = [change for change in CHANGES if "Endpoint replaced" in change.does]

    assert replacing
    assert all(change.danger for change in replacing)


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    return load("tools/write_update_tables.py")


def test_the_page_has_the_tables_of_this_data(tool: ModuleType) -> None:
    page = tool.PAGE.read_text(encoding="utf-8")

    assert tool.written(page) == page, "run python tools/write_update_tables.py"


def test_every_class_with_changes_has_its_table(tool: ModuleType) -> None:
    page = tool.PAGE.read_text(encoding="utf-8")

    classes = {change.of.partition(".")[0] for change in CHANGES}
    assert set(tool.MARKS.findall(page)) == classes | {"dangers"}


def resource(kind: str, **properties: object) -> dict[str, Any]:
    return {"Type": f"AWS::SageMaker::{kind}", "Properties": properties}


def test_what_refers_to_a_replaced_resource_changes_with_it() -> None:
    def made(image: str) -> Resources:
        return {
            "M": resource("Model", PrimaryContainer={"Image": image}),
            "C": resource(
                "EndpointConfig", ProductionVariants=[{"ModelName": {"Fn::GetAtt": ["M", "Name"]}}]
            ),
            "E": resource("Endpoint", EndpointConfigName={"Ref": "C"}),
        }

    assert effects(made("a"), made("a")) == frozenset()
    assert effects(made("a"), made("b")) == {
        "Model replaced",
        "EndpointConfig replaced",
        "Endpoint in place",
    }


def test_the_schemas_tell_what_can_not_be_changed_in_place() -> None:
    assert create_only("AWS::SageMaker::Endpoint") == {"EndpointName"}
    assert "ResourceId" in create_only("AWS::ApplicationAutoScaling::ScalableTarget")
    assert create_only("Custom::SageMakerModelWeights") == {"ServiceToken", "Bucket", "Prefix"}


def test_what_goes_while_another_comes_is_replaced_for_a_reader() -> None:
    old, new = {"A": resource("Model")}, {"B": resource("Model")}

    assert effects(old, new) == {"Model replaced"}
    assert effects(old, {}) == {"Model deleted"}
    assert effects({"A": {**old["A"], "DeletionPolicy": "Retain"}}, {}) == {"Model left"}
