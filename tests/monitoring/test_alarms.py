"""The default alarms: which are made, when they go off, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest
from aws_cdk import App, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from monitoring.models import (
    asynchronous,
    component,
    model_with,
    on_processors,
    real_time,
    serverless,
)
from sagemaker_model import DefaultAlarms, SageMakerModel
from sagemaker_model.alarms import AlarmThresholds

ALARM = "AWS::CloudWatch::Alarm"


def made(alarms: DefaultAlarms) -> set[str]:
    return {each.name for each in fields(alarms) if getattr(alarms, each.name) is not None}


def properties(stack: Stack, alarm: cloudwatch.Alarm | None) -> dict[str, Any]:
    """Return an alarm as CloudFormation gets it."""
    assert alarm is not None
    child = alarm.node.default_child
    assert isinstance(child, cloudwatch.CfnAlarm)
    logical_id = stack.resolve(child.logical_id)
    found = Template.from_stack(stack).find_resources(ALARM)[logical_id]
    return dict(found["Properties"])


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (real_time, {"server_errors", "gpu_memory", "disk"}),
        (on_processors, {"server_errors", "disk"}),
        (asynchronous, {"server_errors", "failures", "no_capacity", "gpu_memory", "disk"}),
        (serverless, {"server_errors", "concurrency"}),
        (component, {"server_errors", "no_capacity", "gpu_memory"}),
    ],
    ids=["real time", "on processors", "asynchronous", "serverless", "component"],
)
def test_those_are_made_whose_metrics_the_hosting_publishes(
    app: App, stack: Stack, make: Callable[[Stack], SageMakerModel], expected: set[str]
) -> None:
    alarms = make(stack).add_default_alarms()

    app.synth()
    assert made(alarms) == expected
    Template.from_stack(stack).resource_count_is(ALARM, len(expected))


@pytest.mark.parametrize(
    ("make", "given", "value", "metric"),
    [
        (real_time, {"server_errors": 5}, 5, "Invocation5XXErrors"),
        (real_time, {"client_errors": 100}, 100, "Invocation4XXErrors"),
        (real_time, {"latency": Duration.millis(1500)}, 1_500_000, "ModelLatency"),
        (real_time, {"gpu_memory": 95}, 95, "GPUMemoryUtilization"),
        (real_time, {"disk": 80.5}, 80.5, "DiskUtilization"),
        (asynchronous, {"failures": 2}, 2, "InvocationFailures"),
        (asynchronous, {"backlog": 50}, 50, "ApproximateBacklogSize"),
        (
            asynchronous,
            {"oldest_request": Duration.hours(1)},
            3600,
            "ApproximateAgeOfOldestRequest",
        ),
        (asynchronous, {"no_capacity": Duration.minutes(20)}, 1, "HasBacklogWithoutCapacity"),
        (component, {"gpu_memory": 90}, 90, "GPUMemoryUtilizationNormalized"),
        (component, {"no_capacity": Duration.minutes(5)}, 1, "NoCapacityInvocationFailures"),
        (serverless, {"concurrency": 80}, 0.8, "ServerlessConcurrentExecutionsUtilization"),
    ],
)
def test_a_threshold_is_written_in_the_metrics_own_unit(
    stack: Stack,
    make: Callable[[Stack], SageMakerModel],
    given: AlarmThresholds,
    value: float,
    metric: str,
) -> None:
    alarms = make(stack).add_default_alarms(**given)

    (name,) = given
    alarm = properties(stack, getattr(alarms, name))
    text = json.dumps(alarm)
    assert f'"MetricName": "{metric}"' in text
    assert alarm["Threshold"] == value
    assert alarm["TreatMissingData"] == "notBreaching"
    assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    assert alarm["AlarmDescription"]


def test_the_percentages_of_all_gpus_are_added_up(stack: Stack) -> None:
    model = model_with(stack, instance_type="ml.g5.12xlarge")

    alarms = model.add_default_alarms(gpu_memory=90)

    assert properties(stack, alarms.gpu_memory)["Threshold"] == 4 * 90


def test_a_wait_for_capacity_is_counted_in_periods_of_five_minutes(stack: Stack) -> None:
    alarms = asynchronous(stack).add_default_alarms(no_capacity=Duration.minutes(17))

    alarm = properties(stack, alarms.no_capacity)
    assert (alarm["Period"], alarm["EvaluationPeriods"]) == (300, 4)
    assert alarm["DatapointsToAlarm"] == 4
    assert alarm["Statistic"] == "Maximum"


def test_latency_is_that_of_the_slowest_hundredth(stack: Stack) -> None:
    alarms = real_time(stack).add_default_alarms(latency=Duration.seconds(2))

    assert properties(stack, alarms.latency)["ExtendedStatistic"] == "p99"


def test_none_makes_no_such_alarm(stack: Stack) -> None:
    alarms = real_time(stack).add_default_alarms(disk=None, gpu_memory=None, backlog=None)

    assert made(alarms) == {"server_errors"}


@pytest.mark.parametrize(
    ("make", "threshold", "message"),
    [
        (serverless, {"disk": 80}, "disk can't be watched here.*does not publish DiskUtil"),
        (real_time, {"backlog": 5}, "does not publish ApproximateBacklogSize; leave it out"),
        (asynchronous, {"concurrency": 5}, "does not publish Serverless"),
        (on_processors, {"gpu_memory": 90}, "does not publish GPUMemoryUtilization"),
        (real_time, {"disk": 101}, "disk must be between 1 and 100 percent, got 101"),
        (real_time, {"server_errors": 0}, "server_errors must be 1 or more, got 0"),
        (real_time, {"latency": Duration.millis(0)}, "latency must be at least 0.001 seconds"),
        (
            asynchronous,
            {"no_capacity": Duration.days(2)},
            "no_capacity must be at least 300 and at most 86400 seconds, got 172800",
        ),
    ],
)
def test_what_cant_be_watched_is_refused_and_nothing_is_made(
    stack: Stack,
    make: Callable[[Stack], SageMakerModel],
    threshold: AlarmThresholds,
    message: str,
) -> None:
    model = make(stack)

    with pytest.raises(ValueError, match=message):
        model.add_default_alarms(**threshold)

    Template.from_stack(stack).resource_count_is(ALARM, 0)
    assert made(model.add_default_alarms())


@pytest.mark.parametrize(
    ("threshold", "message"),
    [
        ({"latency": 5}, "latency must be a Duration, got 5; write Duration.seconds"),
        ({"disk": "90"}, "disk must be a number, between 1 and 100 percent, got '90'"),
        ({"server_errors": True}, "server_errors must be a number"),
        ({"errors": 1}, "add_default_alarms has no errors; it knows server_errors"),
    ],
    ids=["latency", "disk", "errors that are True", "no such alarm"],
)
def test_a_threshold_of_another_type_is_refused(stack: Stack, threshold: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        real_time(stack).add_default_alarms(**threshold)


def test_gpus_of_a_type_that_is_not_known_are_not_watched(stack: Stack) -> None:
    model = model_with(stack, instance_type="ml.g99.2xlarge")

    with pytest.raises(ValueError, match="how many GPUs the instance type has is not known"):
        model.add_default_alarms(gpu_memory=90)
    assert made(model.add_default_alarms()) == {"server_errors", "disk"}


def test_they_are_made_once(stack: Stack) -> None:
    model = real_time(stack)
    model.add_default_alarms()

    with pytest.raises(ValueError, match="add_default_alarms was called before"):
        model.add_default_alarms()


def test_each_can_be_given_an_action(stack: Stack) -> None:
    topic = sns.Topic(stack, "Topic")

    for alarm in real_time(stack).add_default_alarms():
        alarm.add_alarm_action(actions.SnsAction(topic))

    alarms = Template.from_stack(stack).find_resources(ALARM).values()
    assert all(each["Properties"]["AlarmActions"] for each in alarms)


def test_they_roll_an_update_back_without_a_cycle(app: App, stack: Stack) -> None:
    model = real_time(stack)
    model.grant_invoke_stream(model.role)

    model.roll_back_on(*model.add_default_alarms(latency=Duration.seconds(5)))

    app.synth()
    (endpoint,) = Template.from_stack(stack).find_resources("AWS::SageMaker::Endpoint").values()
    config = endpoint["Properties"]["DeploymentConfig"]["AutoRollbackConfiguration"]
    assert len(config["Alarms"]) == 4
