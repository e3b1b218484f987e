"""Examples for the rules about roll-outs."""

from __future__ import annotations

from typing import cast

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch

from sagemaker_model import ModelPackage, RealTime, RollOut, SageMakerModel
from sagemaker_model.checks.examples.parts import PACKAGE, a_container


def roll_out_batch(stack: Stack) -> None:
    all_but_one = RollOut.rolling(instances=3, wait=Duration.minutes(5))
    hosting = RealTime(initial_instance_count=4, roll_out=all_but_one)
    SageMakerModel(stack, "Model", model=a_container(), hosting=hosting)


def roll_out_doubles_fleet(stack: Stack) -> None:
    hosting = RealTime(initial_instance_count=2)
    SageMakerModel(stack, "Model", model=a_container(), hosting=hosting)


def roll_out_falls_back(stack: Stack) -> None:
    package = ModelPackage(model_id="name", instance_type="ml.g5.2xlarge", packages=PACKAGE)
    hosting = RealTime(roll_out=RollOut.all_at_once(bake=Duration.minutes(5)))
    SageMakerModel(stack, "Model", model=package, hosting=hosting)


def roll_back_unwatched(stack: Stack) -> None:
    hosting = RealTime(roll_out=RollOut.all_at_once())
    model = SageMakerModel(stack, "Model", model=a_container(), hosting=hosting)
    alarm = model.metric_model_latency().create_alarm(
        stack, "Slow", threshold=1_000_000, evaluation_periods=1
    )
    model.roll_back_on(cast("cloudwatch.IAlarm", alarm))


def roll_back_names_endpoint(stack: Stack) -> None:
    hosting = RealTime(roll_out=RollOut.all_at_once(bake=Duration.minutes(5)))
    model = SageMakerModel(stack, "Model", model=a_container(), hosting=hosting)
    alarm = model.metric_model_latency().create_alarm(
        stack, "Slow", threshold=1_000_000, evaluation_periods=1
    )
    model.roll_back_on(cast("cloudwatch.IAlarm", alarm))
