"""The app that deploys what the context describes."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Match, Template

from conftest import STRICT

ONE = {"model_id": "org/name", "instance_type": "ml.g5.2xlarge"}
PLACE = {"account": "123456789012", "region": "eu-west-1"}
ROOT = Path(__file__).parents[2]
build = cast("Callable[[App], list[Stack]]", runpy.run_path(str(ROOT / "app.py"))["build"])


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CDK_DEFAULT_ACCOUNT", raising=False)
    monkeypatch.delenv("CDK_DEFAULT_REGION", raising=False)


def build_one(**context: object) -> Stack:
    (stack,) = build(App(context={**STRICT, **ONE, **context}))
    return stack


def test_a_model_of_the_command_line_is_one_stack_that_tells_its_endpoints_name() -> None:
    stack = build_one()

    assert stack.stack_name == "name"
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::SageMaker::Endpoint", 1)
    template.has_output("EndpointName", {"Value": Match.any_value()})


def test_every_model_of_cdk_json_is_a_stack_of_its_own_that_synthesizes() -> None:
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    app = App(context=context)

    stacks = build(app)

    names = [each["name"] for each in context["models"]]
    assert [stack.stack_name for stack in stacks] == names
    assert {stack.stack_name for stack in app.synth().stacks} == {*names, "model-weights"}


def test_staged_weights_lie_in_a_stack_of_their_own_that_stays() -> None:
    (stack,) = build(App(context={**STRICT, **ONE, "hf_token": "hub-token"}))

    (weights,) = [each for each in stack.node.root.node.children if each.node.id == "model-weights"]
    template = Template.from_stack(cast("Stack", weights))
    template.has_resource("AWS::S3::Bucket", {"DeletionPolicy": "Retain"})
    Template.from_stack(stack).resource_count_is("AWS::CodeBuild::Project", 1)


def test_the_place_is_that_of_the_context_then_of_the_cli_then_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nowhere = build_one()
    monkeypatch.setenv("CDK_DEFAULT_REGION", "us-west-2")
    of_cli = build_one()
    of_context = build_one(**PLACE)

    regions = [stack.environment.rpartition("/")[2] for stack in (nowhere, of_cli, of_context)]
    assert regions == ["unknown-region", "us-west-2", "eu-west-1"]


def test_count_and_name_reach_the_endpoint() -> None:
    template = Template.from_stack(build_one(instance_count="2", endpoint_name="chat"))

    template.has_resource_properties("AWS::SageMaker::Endpoint", {"EndpointName": "chat"})
    template.has_resource_properties(
        "AWS::SageMaker::EndpointConfig",
        {"ProductionVariants": [Match.object_like({"InitialInstanceCount": 2})]},
    )


def test_encrypt_makes_a_key_that_rotates() -> None:
    stack = build_one(
        instance_type="ml.m5.xlarge", container="HF_PYTORCH_INFERENCE_CPU_LATEST", encrypt="true"
    )

    template = Template.from_stack(stack)
    template.has_resource_properties("AWS::KMS::Key", {"EnableKeyRotation": True})
    template.has_resource_properties(
        "AWS::SageMaker::EndpointConfig", {"KmsKeyId": Match.any_value()}
    )


def test_a_vpc_of_the_account_is_looked_up() -> None:
    # Until the CLI has looked it up, CDK gives a VPC whose ids no schema accepts.
    (stack,) = build(App(context={**ONE, **PLACE, "vpc_id": "vpc-1"}))

    Template.from_stack(stack).has_resource_properties(
        "AWS::SageMaker::Model", {"VpcConfig": {"Subnets": Match.any_value()}}
    )


def test_a_vpc_without_an_account_and_a_region_to_look_it_up_in_is_a_plain_error() -> None:
    with pytest.raises(ValueError, match=r"vpc_id needs an account and a Region.*-c account="):
        build_one(vpc_id="vpc-0123456789abcdef0")
