"""The metrics of what serves a model, as CloudWatch knows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from sagemaker_model.hosting.hosting import VARIANT_NAME
from sagemaker_model.metric_names import QUEUE, namespace_of, statistic_of

if TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk import aws_cloudwatch as cloudwatch


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

    It is over five minutes, and has the statistic that makes sense for it, unless *options* say
    otherwise. It has no unit: CloudWatch would look for values of that very unit.
    """
    from aws_cdk import aws_cloudwatch as cloudwatch

    defaults: MetricOptions = {
        "dimensions_map": _dimensions(name, publisher),
        "statistic": statistic_of(name),
    }
    return cloudwatch.Metric(namespace=namespace_of(name), metric_name=name, **(defaults | options))


def _dimensions(name: str, publisher: Publisher) -> Mapping[str, str]:
    if name in QUEUE:
        return {"EndpointName": publisher.name}
    return {"EndpointName": publisher.name, "VariantName": VARIANT_NAME}
