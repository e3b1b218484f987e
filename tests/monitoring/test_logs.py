"""Where the containers' logs are, and how long they are kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import cdk_nag
import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_logs as logs
from aws_cdk.assertions import Match, Template

from construct.models import container
from monitoring.models import real_time
from sagemaker_model import SageMakerModel
from sagemaker_model.log_retention import FUNCTION_LOG

GROUP = "/aws/sagemaker/Endpoints/"
CALL = "Custom::AWS"


def named(stack: Stack) -> SageMakerModel:
    return SageMakerModel(stack, "Model", model=container(), endpoint_name="Chat")


def calls(stack: Stack) -> dict[str, Any]:
    """Return what is asked of AWS, by the action; tokens are left out."""
    found = Template.from_stack(stack).find_resources(CALL).values()
    told = [each["Properties"]["Update"] for each in found]
    texts = [each if isinstance(each, str) else _joined(each["Fn::Join"][1]) for each in told]
    return {each["action"]: each for each in map(json.loads, texts)}


def _joined(parts: list[Any]) -> str:
    return "".join(part if isinstance(part, str) else "<token>" for part in parts)


def test_the_log_group_is_the_one_that_sagemaker_makes(stack: Stack) -> None:
    group = SageMakerModel.from_endpoint_name(stack, "Imported", "Chat").log_group

    assert group.log_group_name == f"{GROUP}Chat"


def test_the_log_group_is_no_resource_of_the_stack(stack: Stack) -> None:
    model = real_time(stack)

    model.log_group.add_metric_filter(
        "Failures",
        filter_pattern=logs.FilterPattern.literal("Traceback"),
        metric_namespace="Mine",
        metric_name="Failures",
    )

    template = Template.from_stack(stack)
    named = {"Properties": {"LogGroupName": Match.any_value()}}
    assert template.find_resources("AWS::Logs::LogGroup", named) == {}
    (endpoint,) = template.find_resources("AWS::SageMaker::Endpoint")
    name = {"Fn::Join": ["", [GROUP, {"Fn::GetAtt": [endpoint, "EndpointName"]}]]}
    template.has_resource_properties("AWS::Logs::MetricFilter", {"LogGroupName": name})


def test_a_group_is_made_where_it_is_missing_and_then_told_how_long_to_keep(
    app: App, stack: Stack
) -> None:
    named(stack).retain_logs(30)

    app.synth()
    asked = calls(stack)
    assert asked["createLogGroup"]["parameters"] == {"logGroupName": f"{GROUP}<token>"}
    assert asked["createLogGroup"]["ignoreErrorCodesMatching"] == "ResourceAlreadyExistsException"
    assert asked["putRetentionPolicy"]["parameters"]["retentionInDays"] == 30
    retention = Template.from_stack(stack).find_resources(
        CALL,
        {
            "DependsOn": Match.array_with(
                [Match.string_like_regexp("LogRetentionGroup[0-9A-F]{8}$")]
            )
        },
    )
    assert len(retention) == 1


def test_nothing_is_undone_when_the_stack_is_deleted(stack: Stack) -> None:
    real_time(stack).retain_logs(7)

    found = Template.from_stack(stack).find_resources(CALL).values()
    assert ["Delete" in each["Properties"] for each in found] == [False, False]


def test_the_log_of_the_function_goes_with_the_stack_and_is_one_for_all_models(
    app: App, stack: Stack
) -> None:
    for name in ("First", "Second"):
        SageMakerModel(stack, name, model=container()).retain_logs(7)

    app.synth()
    groups = Template.from_stack(stack).find_resources("AWS::Logs::LogGroup")
    (policy,) = [each["DeletionPolicy"] for name, each in groups.items() if FUNCTION_LOG in name]
    assert policy == "Delete"


def test_the_function_may_touch_that_one_group_alone(stack: Stack) -> None:
    named(stack).retain_logs(7)

    policies = Template.from_stack(stack).find_resources("AWS::IAM::Policy")
    statements = [
        statement
        for name, policy in policies.items()
        if "LogRetention" in name
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]
    assert {each["Action"] for each in statements} == {
        "logs:CreateLogGroup",
        "logs:PutRetentionPolicy",
    }
    assert all(f":log-group:{GROUP}" in str(each["Resource"]) for each in statements)


@pytest.mark.parametrize(
    ("days", "error", "message"),
    [
        (31, ValueError, "days must be one of 1, 3, 5"),
        (0, ValueError, "got 0"),
        ("30", TypeError, "days must be a whole number, got '30'"),
    ],
)
def test_a_retention_that_cloudwatch_does_not_know_is_refused(
    stack: Stack, days: Any, error: type[Exception], message: str
) -> None:
    model = real_time(stack)

    with pytest.raises(error, match=message):
        model.retain_logs(days)
    model.retain_logs(30)
    with pytest.raises(ValueError, match="retain_logs was called before"):
        model.retain_logs(30)


@pytest.mark.parametrize("make", [real_time, named])
def test_no_rule_pack_finds_anything_of_it(stack: Stack, make: Callable[[Stack], Any]) -> None:
    make(stack).retain_logs(30)

    packs = (
        cdk_nag.AwsSolutionsChecks,
        cdk_nag.HIPAASecurityChecks,
        cdk_nag.NIST80053R5Checks,
        cdk_nag.PCIDSS321Checks,
    )
    found = {each.rule_name for pack in packs for each in pack().validate_scope(stack).violations}
    # An older aws-cdk-lib runs its function on what was the newest Node.js then.
    assert found <= {"AwsSolutions-L1"}
