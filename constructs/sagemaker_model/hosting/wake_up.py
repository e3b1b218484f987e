"""What starts the first instance, or copy, where there is none."""

from __future__ import annotations

from typing import NamedTuple

from aws_cdk import Duration
from aws_cdk import aws_applicationautoscaling as autoscaling

from sagemaker_model.metrics import Publisher, metric_of


class WakeUp(NamedTuple):
    """What tells that capacity is wanted where there is none.

    Args:
        metric: CloudWatch's name of the metric, which is 1 or more then.
        statistic: The statistic that is looked at, over one minute.
        cooldown: Seconds until it is looked at again.
    """

    metric: str
    statistic: str
    cooldown: int


def wake_up_on(
    target: autoscaling.ScalableTarget, name: str, wake_up: WakeUp, publisher: Publisher
) -> None:
    """Start an instance, or a copy, as soon as a request comes where there is none.

    Target tracking divides by their number and so can't leave 0: "Autoscale an asynchronous
    endpoint" (async-inference-autoscale) and "Scale an endpoint to zero instances"
    (endpoint-auto-scaling-zero-instances) want this policy beside it. The latter's example waits
    for a second failed request in the same minute, which may never come.

    Args:
        target: What is scaled.
        name: Name of the policy.
        wake_up: What tells that capacity is wanted.
        publisher: What publishes that metric.
    """
    target.scale_on_metric(
        name,
        metric=metric_of(
            publisher,
            wake_up.metric,
            {"statistic": wake_up.statistic, "period": Duration.minutes(1)},
        ),
        adjustment_type=autoscaling.AdjustmentType.CHANGE_IN_CAPACITY,
        # CDK wants two intervals: from 1 upwards one more, below it none.
        scaling_steps=[
            autoscaling.ScalingInterval(change=1, lower=1),
            autoscaling.ScalingInterval(change=0, upper=0),
        ],
        metric_aggregation_type=autoscaling.MetricAggregationType.MAXIMUM,
        cooldown=Duration.seconds(wake_up.cooldown),
        evaluation_periods=1,
    )
