"""What the rules say of inference code, and of what it runs in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.subjects import deployed
from code_folder.subjects import HUGGING_FACE, PLAIN, PYTORCH, UNKNOWN, VLLM, subject
from sagemaker_model.checks.code_rules import CODE_RULES
from sagemaker_model.checks.code_subject import CodeSubject
from sagemaker_model.checks.finding import Finding, Severity
from sagemaker_model.checks.rule import check_all
from sagemaker_model.checks.rules import check
from sagemaker_model.deployment.deployment import ContainerDefinition
from sagemaker_model.image.bound_image import BoundImage

TOOLKITS = [HUGGING_FACE, PYTORCH, UNKNOWN]
WRONG = """
def model_fn(): ...
async def transform_fn(model, body, content_type, accept, top_k=1): ...
def predict_fn(data, model): ...
"""


def rules(checked: CodeSubject) -> list[str]:
    return [finding.rule for finding in check_all(CODE_RULES, checked)]


def the_one(checked: CodeSubject) -> Finding:
    (finding,) = check_all(CODE_RULES, checked)
    return finding


@pytest.mark.parametrize("image", [*TOOLKITS, VLLM])
@pytest.mark.parametrize(
    "source",
    [
        PLAIN,
        "def model_fn(model_dir, context): ...\ndef output_fn(prediction, accept): return 1",
        "def model_fn(model_dir): ...\ndef transform_fn(model, body, content_type, accept): ...",
        "from helpers import predict_fn, transform",
    ],
)
def test_code_that_keeps_the_contract_has_no_finding(source: str, image: BoundImage) -> None:
    assert rules(subject(source, image=image)) == []


@pytest.mark.parametrize("image", TOOLKITS)
def test_what_breaks_the_contract_is_an_error_on_every_toolkit(image: BoundImage) -> None:
    found = check_all(CODE_RULES, subject(WRONG, image=image))

    assert {finding.severity for finding in found} == {Severity.ERROR}
    assert [finding.rule for finding in found] == [
        "code-arity",
        "code-default-parameter",
        "code-transform-exclusive",
        "code-async",
    ]


def test_code_for_another_server_is_not_judged() -> None:
    assert rules(subject(WRONG, "torch==1", image=VLLM, isolated=True)) == []


def test_the_code_is_checked_with_the_deployment_that_it_is_of() -> None:
    container = ContainerDefinition(code=subject(WRONG))

    found = check(replace(deployed(), container=container))

    assert {"code-arity", "code-async"} <= {finding.rule for finding in found}


def test_too_few_parameters_name_those_that_are_given() -> None:
    finding = the_one(subject("\ndef predict_fn(data): ..."))

    assert (finding.path, finding.got) == ("code_folder/inference.py:2", "1 parameter(s)")
    assert finding.allowed == "(data, model) or (data, model, context)"


@pytest.mark.parametrize("parameters", ["data, model, **rest", "data, *, model", "*args"])
def test_parameters_that_are_not_given_by_position_are_an_error(parameters: str) -> None:
    assert rules(subject(f"def predict_fn({parameters}): ...")) == ["code-arity"]


def test_an_extra_parameter_with_a_default_is_an_error_that_names_it() -> None:
    finding = the_one(subject("def predict_fn(data, model, temperature=1.0): ..."))

    assert finding.rule == "code-default-parameter"
    assert "'temperature'" in finding.what


def test_what_is_not_called_at_all_is_told_once() -> None:
    assert rules(subject("def predict_fn(data, model, k=1, p=1): ...")) == ["code-arity"]


@pytest.mark.parametrize("name", ["context", "_context", "request_context", "ctx", "_"])
def test_an_extra_parameter_that_is_meant_for_the_context_may_have_a_default(name: str) -> None:
    assert rules(subject(f"def predict_fn(data, model, {name}=None): ...")) == []


def test_a_default_within_what_is_given_has_no_effect_and_no_finding() -> None:
    assert rules(subject("def output_fn(prediction, accept='application/json'): ...")) == []


def test_transform_fn_with_an_imported_part_is_an_error_that_names_the_part() -> None:
    source = "from parts import output_fn\ndef transform_fn(model, body, content_type, accept): ..."

    finding = the_one(subject(source))

    assert (finding.rule, finding.path) == (
        "code-transform-exclusive",
        "code_folder/inference.py:2",
    )
    assert "output_fn" in finding.what


@pytest.mark.parametrize(
    ("source", "taken"),
    [
        ("async def model_fn(model_dir): ...", "model"),
        ("async def predict_fn(data, model): ...", "result"),
    ],
)
def test_an_async_function_says_what_its_coroutine_is_taken_for(source: str, taken: str) -> None:
    finding = the_one(subject(source))

    assert finding.rule == "code-async"
    assert f"taken for the {taken}" in finding.what


@pytest.mark.parametrize(
    ("source", "image", "expected"),
    [
        ("def helper(): ...", HUGGING_FACE, ["code-without-functions"]),
        ("", PYTORCH, ["code-without-functions"]),
        ("def helper(): ...", UNKNOWN, []),
        ("from helpers import *", HUGGING_FACE, []),
    ],
)
def test_code_without_any_function_is_warned_of_where_the_toolkit_is_known(
    source: str, image: BoundImage, expected: list[str]
) -> None:
    assert rules(subject(source, image=image)) == expected


def test_a_tuple_is_warned_of_only_where_the_toolkit_does_not_take_it_apart() -> None:
    source = "def output_fn(prediction, accept):\n    return prediction, accept"

    finding = the_one(subject(source))

    assert (finding.rule, finding.severity) == ("code-output-tuple", Severity.WARNING)
    assert rules(subject(source, image=PYTORCH)) == []
    assert rules(subject(source, image=UNKNOWN)) == []


@pytest.mark.parametrize(
    "image",
    [
        BoundImage(uri="", pull=(), engine="toolkit"),
        BoundImage(uri="", pull=(), engine="huggingface-neuronx"),
    ],
)
def test_the_toolkit_is_known_by_every_name(image: BoundImage) -> None:
    assert rules(subject("", image=image)) == ["code-without-functions"]


@pytest.mark.parametrize(
    ("version", "found"), [("4.51.3", []), ("4.28.1", []), ("5.5.3", ["code-image-untested"])]
)
def test_an_image_newer_than_the_tested_one_is_told_of(version: str, found: list[str]) -> None:
    image = replace(HUGGING_FACE, version=version)

    assert rules(subject(PLAIN, image=image)) == found
