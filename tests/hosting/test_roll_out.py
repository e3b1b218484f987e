"""How an update is rolled out and back, and which numbers are refused."""

from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import App, Duration, Stack, assertions
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Match, Template

from construct.models import container
from sagemaker_model import RealTime, RollOut, SageMakerModel

ENDPOINT = "AWS::SageMaker::Endpoint"
WAIT = Duration.minutes(5)


def deployment_config(app: App, stack: Stack, roll_out: RollOut | None) -> Any:
    """Return what the strict validation of the app has accepted."""
    hosting = RealTime(initial_instance_count=4, roll_out=roll_out)
    SageMakerModel(stack, "Model", model=container(), hosting=hosting, smoke_test=None)
    app.synth()
    (endpoint,) = Template.from_stack(stack).find_resources(ENDPOINT).values()
    return endpoint["Properties"].get("DeploymentConfig")


def an_alarm(model: SageMakerModel, stack: Stack, name: str = "Errors") -> cloudwatch.Alarm:
    metric = model.metric_invocation_5xx_errors(period=Duration.minutes(1))
    return metric.create_alarm(stack, name, threshold=1, evaluation_periods=1)


@pytest.mark.parametrize(
    ("roll_out", "expected"),
    [
        (None, None),
        (
            RollOut.all_at_once(bake=WAIT),
            {
                "BlueGreenUpdatePolicy": {
                    "TerminationWaitInSeconds": 300,
                    "TrafficRoutingConfiguration": {
                        "Type": "ALL_AT_ONCE",
                        "WaitIntervalInSeconds": 0,
                    },
                }
            },
        ),
        (
            RollOut.canary(instances=1, wait=WAIT, timeout=Duration.hours(1)),
            {
                "BlueGreenUpdatePolicy": {
                    "MaximumExecutionTimeoutInSeconds": 3600,
                    "TrafficRoutingConfiguration": {
                        "Type": "CANARY",
                        "CanarySize": {"Type": "INSTANCE_COUNT", "Value": 1},
                        "WaitIntervalInSeconds": 300,
                    },
                }
            },
        ),
        (
            RollOut.linear(percent=25, wait=WAIT),
            {
                "BlueGreenUpdatePolicy": {
                    "TrafficRoutingConfiguration": {
                        "Type": "LINEAR",
                        "LinearStepSize": {"Type": "CAPACITY_PERCENT", "Value": 25},
                        "WaitIntervalInSeconds": 300,
                    },
                }
            },
        ),
        (
            RollOut.rolling(percent=50, wait=WAIT, rollback_percent=100),
            {
                "RollingUpdatePolicy": {
                    "MaximumBatchSize": {"Type": "CAPACITY_PERCENT", "Value": 50},
                    "RollbackMaximumBatchSize": {"Type": "CAPACITY_PERCENT", "Value": 100},
                    "WaitIntervalInSeconds": 300,
                }
            },
        ),
    ],
    ids=["left to SageMaker", "all at once", "canary", "linear", "rolling"],
)
def test_an_update_is_rolled_out_as_asked(
    app: App, stack: Stack, roll_out: RollOut | None, expected: Any
) -> None:
    assert deployment_config(app, stack, roll_out) == expected


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: RollOut.canary(wait=WAIT), "give either percent or instances"),
        (lambda: RollOut.canary(wait=WAIT, percent=5, instances=1), "give either percent or inst"),
        (lambda: RollOut.canary(wait=WAIT, percent=51), "percent must be between 1 and 50"),
        (lambda: RollOut.linear(wait=WAIT, percent=9), "percent must be between 10 and 50"),
        (lambda: RollOut.rolling(wait=WAIT, percent=4), "percent must be between 5 and 50"),
        (lambda: RollOut.rolling(wait=WAIT, instances=0), "instances must be between 1"),
        (
            lambda: RollOut.rolling(wait=WAIT, percent=5, rollback_percent=101),
            "rollback_percent must be between 1 and 100",
        ),
        (
            lambda: RollOut.canary(wait=Duration.minutes(61), percent=5),
            "wait must be between 0 seconds and 1 hour",
        ),
        (
            lambda: RollOut.all_at_once(bake=Duration.minutes(61)),
            "bake must be between 0 seconds and 1 hour",
        ),
        (
            lambda: RollOut.all_at_once(timeout=Duration.minutes(9)),
            "timeout must be between 10 minutes and 8 hours",
        ),
        (
            lambda: RollOut.canary(
                wait=Duration.minutes(8), percent=5, bake=WAIT, timeout=Duration.minutes(13)
            ),
            "waits 780 seconds in all, which must be less than its timeout of 780",
        ),
        (
            lambda: RollOut.linear(wait=Duration.hours(1), percent=10),
            "waits 36000 seconds in all",
        ),
    ],
)
def test_what_sagemaker_refuses_is_refused_at_once(
    make: Callable[[], RollOut], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_an_alarm_on_the_endpoints_own_metric_rolls_it_back(app: App, stack: Stack) -> None:
    hosting = RealTime(roll_out=RollOut.canary(percent=10, wait=WAIT))
    model = SageMakerModel(stack, "Model", model=container(), hosting=hosting, smoke_test=None)

    model.roll_back_on(an_alarm(model, stack))

    app.synth()
    template = Template.from_stack(stack)
    (alarm_id,) = template.find_resources("AWS::CloudWatch::Alarm")
    (alarm,) = template.find_resources("AWS::CloudWatch::Alarm").values()
    (endpoint,) = template.find_resources(ENDPOINT).values()
    name = endpoint["Properties"]["EndpointName"]
    assert name == name.lower()
    assert {"Name": "EndpointName", "Value": name} in alarm["Properties"]["Dimensions"]
    rollback = endpoint["Properties"]["DeploymentConfig"]["AutoRollbackConfiguration"]
    assert rollback == {"Alarms": [{"AlarmName": {"Ref": alarm_id}}]}
    (policy,) = template.find_resources("AWS::IAM::Policy").values()
    assert {
        "Sid": "ReadAlarms",
        "Effect": "Allow",
        "Action": "cloudwatch:DescribeAlarms",
        "Resource": {"Fn::GetAtt": [alarm_id, "Arn"]},
    } in policy["Properties"]["PolicyDocument"]["Statement"]


def test_a_given_name_is_the_one_that_its_alarms_watch(app: App, stack: Stack) -> None:
    model = SageMakerModel(stack, "Model", model=container(), endpoint_name="Chat")

    model.roll_back_on(an_alarm(model, stack))

    app.synth()
    template = Template.from_stack(stack)
    template.has_resource_properties(ENDPOINT, {"EndpointName": "Chat"})
    dimension = {"Name": "EndpointName", "Value": "Chat"}
    template.has_resource_properties(
        "AWS::CloudWatch::Alarm", {"Dimensions": Match.array_with([dimension])}
    )
    assertions.Annotations.from_stack(stack).has_no_info(
        "/Stack/Model", Match.string_like_regexp("endpoint_name")
    )


def test_without_a_roll_out_the_new_fleet_is_watched_for_ten_minutes(stack: Stack) -> None:
    model = SageMakerModel(stack, "Model", model=container())

    model.roll_back_on(an_alarm(model, stack))

    policy = {"BlueGreenUpdatePolicy": {"TerminationWaitInSeconds": 600}}
    Template.from_stack(stack).has_resource_properties(ENDPOINT, {"DeploymentConfig": policy})


def test_an_alarm_that_rolls_nothing_back_asks_the_endpoint_for_its_name(stack: Stack) -> None:
    model = SageMakerModel(stack, "Model", model=container())

    an_alarm(model, stack)

    template = Template.from_stack(stack)
    (endpoint,) = template.find_resources(ENDPOINT)
    dimension = {"Name": "EndpointName", "Value": {"Fn::GetAtt": [endpoint, "EndpointName"]}}
    template.has_resource_properties(
        "AWS::CloudWatch::Alarm", {"Dimensions": Match.array_with([dimension])}
    )


def test_too_many_alarms_and_none_are_refused(stack: Stack) -> None:
    model = SageMakerModel(stack, "Model", model=container())
    alarm = an_alarm(model, stack)

    with pytest.raises(ValueError, match="takes 1 to 10 alarms in one call, got 0"):
        model.roll_back_on()
    with pytest.raises(ValueError, match="got 11; join more in a composite alarm"):
        model.roll_back_on(*[alarm] * 11)
    model.roll_back_on(alarm)
    with pytest.raises(ValueError, match="after an earlier call"):
        model.roll_back_on(alarm)


def test_a_role_that_is_not_to_be_changed_is_told_what_it_lacks(stack: Stack) -> None:
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))
    model = SageMakerModel(stack, "Model", model=container(), role=role, grant_permissions=False)

    model.roll_back_on(an_alarm(model, stack))

    assertions.Annotations.from_stack(stack).has_warning(
        "/Stack/Model", Match.string_like_regexp("cloudwatch:DescribeAlarms")
    )
