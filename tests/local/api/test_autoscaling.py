"""Scalable targets and their policies are kept, checked and told of."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.live import LocalAws

IDENTITY = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/any/variant/AllTraffic",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}
TRACKING = {
    "TargetValue": 10.0,
    "PredefinedMetricSpecification": {
        "PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"
    },
}


@pytest.fixture
def scaling(aws: LocalAws) -> Any:
    return aws.client("application-autoscaling")


def policies(scaling: Any) -> list[str]:
    told = scaling.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"]
    return [each["PolicyName"] for each in told]


def test_a_policy_goes_with_its_target(scaling: Any) -> None:
    scaling.register_scalable_target(**IDENTITY, MinCapacity=1, MaxCapacity=4)
    scaling.put_scaling_policy(
        **IDENTITY,
        PolicyName="busy",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=TRACKING,
    )
    (target,) = scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    assert (target["MinCapacity"], target["MaxCapacity"]) == (1, 4)
    assert "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint" in target["RoleARN"]
    assert policies(scaling) == ["busy"]
    scaling.deregister_scalable_target(**IDENTITY)
    assert policies(scaling) == []


def test_a_policy_needs_a_target(scaling: Any) -> None:
    with pytest.raises(ClientError, match="No scalable target registered"):
        scaling.put_scaling_policy(
            **{**IDENTITY, "ResourceId": "endpoint/none/variant/AllTraffic"},
            PolicyName="busy",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration=TRACKING,
        )


def test_a_dimension_that_does_not_exist_is_refused(scaling: Any) -> None:
    with pytest.raises(ClientError, match="satisfy enum value set"):
        scaling.register_scalable_target(
            **{**IDENTITY, "ScalableDimension": "sagemaker:variant:Wrong"},
            MinCapacity=1,
            MaxCapacity=4,
        )
