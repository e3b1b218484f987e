"""What of an endpoint is scaled, and by what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sagemaker_model.aws import Aws
from sagemaker_model.deployed.view import Scaling


def scaling_of(aws: Aws, ids: Sequence[str]) -> tuple[Scaling, ...]:
    """Return what is scaled.

    Args:
        aws: Makes the clients of AWS.
        ids: Application Auto Scaling's ids of what may be.
    """
    if not ids:
        return ()
    client = aws.client("application-autoscaling")
    targets = client.describe_scalable_targets(ServiceNamespace="sagemaker", ResourceIds=[*ids])
    return tuple(_scaling(client, each) for each in targets["ScalableTargets"])


def _scaling(client: Any, target: Mapping[str, Any]) -> Scaling:
    of = target["ResourceId"]
    told = client.describe_scaling_policies(ServiceNamespace="sagemaker", ResourceId=of)
    return Scaling(
        of=of.partition("/variant/")[2] or of.rpartition("/")[2],
        least=target["MinCapacity"],
        most=target["MaxCapacity"],
        policies=tuple(text for each in told["ScalingPolicies"] for text in _policy(each)),
    )


def _policy(policy: Mapping[str, Any]) -> Iterator[str]:
    tracked = policy.get("TargetTrackingScalingPolicyConfiguration")
    if not tracked:
        yield f"{policy['PolicyName']} ({policy['PolicyType']})"
        return
    metric = (
        tracked.get("PredefinedMetricSpecification", {}).get("PredefinedMetricType")
        or tracked.get("CustomizedMetricSpecification", {}).get("MetricName")
        or "a metric of your own"
    )
    yield f"{metric} at {tracked['TargetValue']:g}"
