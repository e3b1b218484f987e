"""The metrics of an endpoint: name, namespace and the statistic that makes sense for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from sagemaker_model.hosting.hosting import VARIANT_NAME

if TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk import aws_cloudwatch as cloudwatch

_INVOCATION = "AWS/SageMaker"
_HOST = "/aws/sagemaker/Endpoints"

# "Metrics for monitoring Amazon SageMaker AI with Amazon CloudWatch", developer guide.
_HOST_METRICS = frozenset(
    {
        "CPUUtilization",
        "DiskUtilization",
        "GPUMemoryUtilization",
        "GPUUtilization",
        "MemoryUtilization",
    }
)
# Those of "Monitor asynchronous endpoint" (async-inference-monitor) have one dimension.
_QUEUE_METRICS = frozenset(
    {
        "ApproximateAgeOfOldestRequest",
        "ApproximateBacklogSize",
        "ApproximateBacklogSizePerInstance",
        "HasBacklogWithoutCapacity",
    }
)
_SUMS = frozenset({"Invocations", "Invocation4XXErrors", "Invocation5XXErrors"})


class MetricOptions(TypedDict, total=False):
    """What can be said of a metric besides its name, as in ``cloudwatch.MetricOptions``."""

    account: str
    color: str
    dimensions_map: Mapping[str, str]
    label: str
    period: Duration
    region: str
    statistic: str
    unit: cloudwatch.Unit


class Publisher(NamedTuple):
    """What publishes metrics of its own.

    Args:
        name: Name of the endpoint.
    """

    name: str


def metric_of(publisher: Publisher, name: str, options: MetricOptions) -> cloudwatch.Metric:
    """Return the metric *name* of an endpoint's one variant, or of its queue.

    Counts are summed and everything else is averaged, over five minutes, unless *options* say
    otherwise.
    """
    from aws_cdk import aws_cloudwatch as cloudwatch

    defaults: MetricOptions = {
        "dimensions_map": _dimensions(name, publisher),
        "statistic": "Sum" if name in _SUMS else "Average",
    }
    return cloudwatch.Metric(
        namespace=_HOST if name in _HOST_METRICS else _INVOCATION,
        metric_name=name,
        **(defaults | options),
    )


def _dimensions(name: str, publisher: Publisher) -> Mapping[str, str]:
    if name in _QUEUE_METRICS:
        return {"EndpointName": publisher.name}
    return {"EndpointName": publisher.name, "VariantName": VARIANT_NAME}
