"""The metrics of what serves a model, as CloudWatch knows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from sagemaker_model.hosting.names import VARIANT_NAME
from sagemaker_model.metric_names import (
    COMPONENTS_NAMESPACE,
    HOSTS_NAMESPACE,
    QUEUE,
    REQUESTS_NAMESPACE,
    name_of,
    of_hosts,
    statistic_of,
)

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
        name: Name of the endpoint, or of the inference component.
        component: Whether it is an inference component. Default: it is an endpoint.
    """

    name: str
    component: bool = False

    @property
    def hosts(self) -> str:
        """Namespace of what the instances tell, and the folder of the log group."""
        return COMPONENTS_NAMESPACE if self.component else HOSTS_NAMESPACE


def metric_of(publisher: Publisher, name: str, options: MetricOptions) -> cloudwatch.Metric:
    """Return the metric *name* of an endpoint's one variant or queue, or of a component.

    It is over five minutes, and has the statistic that makes sense for it, unless *options* say
    otherwise. It has no unit: CloudWatch would look for values of that very unit.
    """
    from aws_cdk import aws_cloudwatch as cloudwatch

    defaults: MetricOptions = {
        "dimensions_map": _dimensions(name, publisher),
        "statistic": statistic_of(name),
    }
    return cloudwatch.Metric(
        namespace=publisher.hosts if of_hosts(name) else REQUESTS_NAMESPACE,
        metric_name=name_of(name, component=publisher.component),
        **(defaults | options),
    )


def _dimensions(name: str, publisher: Publisher) -> Mapping[str, str]:
    if publisher.component:
        return {"InferenceComponentName": publisher.name}
    if name in QUEUE:
        return {"EndpointName": publisher.name}
    return {"EndpointName": publisher.name, "VariantName": VARIANT_NAME}
