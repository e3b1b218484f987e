"""Scaling the copies of a component, from none."""

from __future__ import annotations

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Match, Template

from hosting.sharing import (
    lie,
    only,
    share,
)


def test_copies_are_scaled_by_what_each_is_asked(app: App, stack: Stack) -> None:
    model = lie(stack, share(stack), accelerators=1)

    model.auto_scale(max_capacity=8).scale_on_invocations(60)

    app.synth()
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::ApplicationAutoScaling::ScalableTarget",
        {
            "ScalableDimension": "sagemaker:inference-component:DesiredCopyCount",
            "MinCapacity": 1,
        },
    )
    (target,) = template.find_resources("AWS::ApplicationAutoScaling::ScalableTarget").values()
    assert "inference-component/" in str(target["Properties"]["ResourceId"])
    assert "LlamaComponent" in str(target["Properties"]["ResourceId"])
    template.has_resource_properties(
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        {
            "TargetTrackingScalingPolicyConfiguration": {
                "PredefinedMetricSpecification": {
                    "PredefinedMetricType": "SageMakerInferenceComponentInvocationsPerCopy"
                }
            }
        },
    )
    assert "RetainAllVariantProperties" not in only(stack, "AWS::SageMaker::Endpoint")


def test_from_no_copy_at_all_one_failed_request_starts_the_first(app: App, stack: Stack) -> None:
    model = lie(stack, share(stack, min_instances=0))

    model.auto_scale(min_capacity=0, max_capacity=2).scale_on_concurrency(4)

    app.synth()
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::CloudWatch::Alarm",
        {
            "Namespace": "AWS/SageMaker",
            "MetricName": "NoCapacityInvocationFailures",
            "Statistic": "Sum",
            "Period": 60,
            "EvaluationPeriods": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "Threshold": 1,
            "Dimensions": [{"Name": "InferenceComponentName", "Value": Match.any_value()}],
        },
    )
    template.has_resource_properties(
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        {
            "StepScalingPolicyConfiguration": {
                "AdjustmentType": "ChangeInCapacity",
                "Cooldown": 60,
                "MetricAggregationType": "Maximum",
                "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}],
            }
        },
    )


def test_a_component_has_no_queue(stack: Stack) -> None:
    scaling = lie(stack, share(stack)).auto_scale(max_capacity=2)

    with pytest.raises(ValueError, match="an inference component has no queue"):
        scaling.scale_on_backlog(3)
