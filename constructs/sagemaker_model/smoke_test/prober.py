"""Ask an endpoint each minute of an update, so that a silent one is rolled back."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from aws_cdk import Stack
from constructs import Construct

from sagemaker_model.smoke_test.compliance import acknowledge_alarm
from sagemaker_model.smoke_test.provider import SmokeTestProvider
from sagemaker_model.smoke_test.target import Target

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch

_NAMESPACE, _METRIC = "SageMakerModel", "FailedProbes"
_FAILURES = 2
"""In one minute: one alone may be chance, and a broken fleet fails with all that it gets."""
_LONGEST_INPUT = 8192
"""Characters of a target's Input (Target in the EventBridge API reference)."""


class Prober(Construct):
    """A clock that has the function of the stack ask, and an alarm on what fails.

    The function does nothing unless the endpoint is being updated. Alarms must be there before
    the endpoint is, and the clock after it, so the metric is not named after the endpoint but
    after the question. An update that brings another question is not probed: the clock asks the
    old one until the endpoint has moved, the alarm watches the new one, and a new model need not
    answer what an old one did.

    Args:
        scope: The endpoint's test.
        id: Its name in *scope*.
        provider: What asks.
        target: What is asked.
        question: What is asked, as JSON.

    Raises:
        ValueError: The question is too long for a clock.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's name
        provider: SmokeTestProvider,
        target: Target,
        question: str,
    ) -> None:
        super().__init__(scope, id)
        told = {
            "Test": question,
            "Namespace": _NAMESPACE,
            "Metric": _METRIC,
            "Question": self._name(question),
        }
        self._alarm = self._make_alarm(told["Question"])
        self._make_clock(provider, json.dumps({**target.told, **told}))

    @property
    def alarm(self) -> cloudwatch.CfnAlarm:
        """The alarm."""
        return self._alarm

    def _name(self, question: str) -> str:
        """Return a name that is the question's, and no other model's."""
        stack = Stack.of(self)
        resolved = json.dumps(stack.resolve(question))
        digest = sha256(f"{self.node.path}\n{resolved}".encode()).hexdigest()[:32]
        return f"{stack.stack_name}/{digest}"

    def _make_alarm(self, question: str) -> cloudwatch.CfnAlarm:
        from aws_cdk import aws_cloudwatch as cloudwatch

        alarm = cloudwatch.CfnAlarm(
            self,
            "Alarm",
            alarm_description="Requests failed while a SageMaker endpoint was updated",
            namespace=_NAMESPACE,
            metric_name=_METRIC,
            dimensions=[cloudwatch.CfnAlarm.DimensionProperty(name="Question", value=question)],
            statistic="Sum",
            period=60,
            evaluation_periods=1,
            threshold=_FAILURES,
            comparison_operator="GreaterThanOrEqualToThreshold",
            treat_missing_data="notBreaching",
        )
        acknowledge_alarm(alarm)
        return alarm

    def _make_clock(self, provider: SmokeTestProvider, told: str) -> None:
        from aws_cdk import aws_events as events
        from aws_cdk import aws_lambda as lambda_

        if len(told) > _LONGEST_INPUT:
            raise ValueError(
                f"the smoke test's payload is too large to be sent during an update: all of it may "
                f"have {_LONGEST_INPUT} characters, got {len(told)}; send less, or give the "
                "SmokeTest during_roll_out=False"
            )
        target = events.CfnRule.TargetProperty(id="Probe", arn=provider.service_token, input=told)
        clock = events.CfnRule(
            self,
            "Clock",
            description="Has an endpoint asked while it is updated",
            schedule_expression="rate(1 minute)",
            targets=[target],
        )
        lambda_.CfnPermission(
            self,
            "Permission",
            action="lambda:InvokeFunction",
            function_name=provider.service_token,
            principal="events.amazonaws.com",
            source_arn=clock.attr_arn,
        )
