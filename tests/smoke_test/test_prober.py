"""What asks an endpoint while it is updated."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk import App, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Annotations, Match, Template

from conftest import STRICT, VIRGINIA
from sagemaker_model import (
    Asynchronous,
    Container,
    InferenceComponent,
    RealTime,
    RollOut,
    SageMakerModel,
    SharedEndpoint,
    SmokeTest,
)
from sagemaker_model.hosting.hosting import Hosting

ALARM, RULE = "AWS::CloudWatch::Alarm", "AWS::Events::Rule"
WATCHED = RealTime(roll_out=RollOut.canary(percent=10, wait=Duration.minutes(5)))


def deploy(stack: Stack, hosting: Hosting = WATCHED, **arguments: Any) -> SageMakerModel:
    container = Container(model_id="org/name", instance_type="ml.g5.2xlarge")
    return SageMakerModel(stack, "Model", model=container, hosting=hosting, **arguments)


def alarms(stack: Stack) -> list[Any]:
    (endpoint,) = Template.from_stack(stack).find_resources("AWS::SageMaker::Endpoint").values()
    config = endpoint["Properties"]["DeploymentConfig"]["AutoRollbackConfiguration"]
    return [each["AlarmName"] for each in config["Alarms"]]


def dimension(stack: Stack) -> Any:
    (alarm,) = Template.from_stack(stack).find_resources(ALARM).values()
    ((found),) = alarm["Properties"]["Dimensions"]
    return found["Value"]


def clock(stack: Stack) -> dict[str, Any]:
    """Return what the clock tells the function, with the endpoint's name left out."""
    (rule,) = Template.from_stack(stack).find_resources(RULE).values()
    (target,) = rule["Properties"]["Targets"]
    parts = target["Input"]["Fn::Join"][1]
    told: dict[str, Any] = json.loads("".join(p if isinstance(p, str) else "name" for p in parts))
    return told


def test_an_update_that_waits_is_rolled_back_by_an_alarm_of_its_own(app: App, stack: Stack) -> None:
    deploy(stack)

    app.synth()
    (alarm,) = Template.from_stack(stack).find_resources(ALARM)
    assert alarms(stack) == [{"Ref": alarm}]


def test_the_alarm_watches_what_the_clock_has_asked(stack: Stack) -> None:
    deploy(stack)

    (alarm,) = Template.from_stack(stack).find_resources(ALARM).values()
    told = clock(stack)
    assert alarm["Properties"]["Namespace"] == told["Namespace"]
    assert alarm["Properties"]["MetricName"] == told["Metric"]
    assert dimension(stack) == told["Question"]
    assert told["EndpointName"] == "name"


def test_another_question_is_another_metric_so_that_an_old_one_rolls_nothing_back() -> None:
    found = []
    for text in ("a", "b", "a"):
        stack = Stack(App(context=STRICT), "Stack", env=VIRGINIA)
        deploy(stack, smoke_test=SmokeTest(text))
        found.append(dimension(stack))

    assert found[0] == found[2] != found[1]


def test_two_models_have_two_metrics(stack: Stack) -> None:
    container = Container(model_id="org/name", instance_type="ml.g5.2xlarge")
    for name in ("One", "Two"):
        SageMakerModel(stack, name, model=container, hosting=WATCHED)

    found = Template.from_stack(stack).find_resources(ALARM).values()
    assert len({str(alarm["Properties"]["Dimensions"]) for alarm in found}) == 2


def test_the_function_may_look_at_the_endpoint_and_the_model_at_the_alarm(stack: Stack) -> None:
    deploy(stack)

    template = Template.from_stack(stack)
    (endpoint,) = template.find_resources("AWS::SageMaker::Endpoint")
    (alarm,) = template.find_resources(ALARM)
    for action, resource in (
        ("sagemaker:DescribeEndpoint", {"Ref": endpoint}),
        ("cloudwatch:DescribeAlarms", {"Fn::GetAtt": [alarm, "Arn"]}),
    ):
        assert any(
            action in each["Action"] and resource in (each["Resource"], *each["Resource"])
            for policy in template.find_resources("AWS::IAM::Policy").values()
            for each in policy["Properties"]["PolicyDocument"]["Statement"]
        )


def test_an_update_of_a_component_that_waits_is_watched_too(app: App, stack: Stack) -> None:
    shared = SharedEndpoint(stack, "Shared", instance_type="ml.g5.2xlarge", max_instances=2)
    roll_out = RollOut.rolling(instances=1, wait=Duration.minutes(5))
    deploy(stack, InferenceComponent(endpoint=shared, copies=2, roll_out=roll_out))

    app.synth()
    template = Template.from_stack(stack)
    kind = "AWS::SageMaker::InferenceComponent"
    ((component, properties),) = template.find_resources(kind).items()
    assert "Alarm" in str(properties["Properties"]["DeploymentConfig"])
    policies = str(template.find_resources("AWS::IAM::Policy"))
    seen = {"Action": ["sagemaker:DescribeInferenceComponent"], "Resource": [{"Ref": component}]}
    assert str(seen)[1:-1] in policies
    assert clock(stack)["ComponentName"] == "name"


def test_the_clock_alone_may_have_the_function_run(stack: Stack) -> None:
    deploy(stack)

    template = Template.from_stack(stack)
    (rule,) = template.find_resources(RULE)
    template.has_resource_properties(
        "AWS::Lambda::Permission",
        {"Principal": "events.amazonaws.com", "SourceArn": {"Fn::GetAtt": [rule, "Arn"]}},
    )


@pytest.mark.parametrize(
    ("hosting", "smoke_test"),
    [
        (RealTime(), SmokeTest()),
        (RealTime(roll_out=RollOut.all_at_once()), SmokeTest()),
        (WATCHED, None),
        (WATCHED, SmokeTest(during_roll_out=False)),
        (
            Asynchronous(roll_out=RollOut.canary(percent=10, wait=Duration.minutes(5))),
            SmokeTest(),
        ),
    ],
    ids=["default", "no wait", "no test", "turned off", "queue"],
)
def test_there_is_no_clock(stack: Stack, hosting: Hosting, smoke_test: SmokeTest | None) -> None:
    deploy(stack, hosting, smoke_test=smoke_test)

    template = Template.from_stack(stack)
    template.resource_count_is(RULE, 0)
    template.resource_count_is(ALARM, 0)


def test_alarms_of_the_users_are_joined(app: App, stack: Stack) -> None:
    model = deploy(stack)
    errors = model.metric_invocation_5xx_errors()
    alarm = errors.create_alarm(stack, "Errors", threshold=1, evaluation_periods=1)
    model.roll_back_on(alarm)

    app.synth()
    assert len(alarms(stack)) == 2


def test_nine_more_alarms_are_all_that_sagemaker_takes(stack: Stack) -> None:
    model = deploy(stack)
    imported = [
        cloudwatch.Alarm.from_alarm_name(stack, f"Alarm{index}", f"alarm-{index}")
        for index in range(10)
    ]

    with pytest.raises(ValueError, match="roll_back_on takes 1 to 9 alarms in one call, got 10"):
        model.roll_back_on(*imported)
    model.roll_back_on(*imported[:9])
    assert len(alarms(stack)) == 10


def test_a_role_that_may_not_be_changed_is_told_to_look_at_the_alarm(stack: Stack) -> None:
    role = iam.Role.from_role_arn(stack, "Role", "arn:aws:iam::123456789012:role/theirs")
    deploy(stack, role=role, grant_permissions=False)

    needed = Match.string_like_regexp("cloudwatch:DescribeAlarms")
    Annotations.from_stack(stack).has_warning("*", needed)


def test_a_large_payload_can_not_be_asked_by_a_clock(stack: Stack) -> None:
    with pytest.raises(ValueError, match="payload is too large to be sent during an update"):
        deploy(stack, smoke_test=SmokeTest("a" * 9000))
    other = Stack(App(), "Other", env=VIRGINIA)
    deploy(other, smoke_test=SmokeTest("a" * 9000, during_roll_out=False))


def test_the_metric_is_named_alike_in_two_apps_of_the_same_input() -> None:
    found = []
    for _ in range(2):
        stack = Stack(App(context=STRICT), "Stack")
        deploy(stack, smoke_test=SmokeTest({"inputs": stack.region}))
        found.append(dimension(stack))

    assert found[0] == found[1]
