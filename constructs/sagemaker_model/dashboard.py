"""The widgets that show on a dashboard how an endpoint does."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, NamedTuple

from sagemaker_model.metrics import MetricOptions

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch

    from sagemaker_model.endpoint_metrics import EndpointMetrics

_WIDTH = 24  # of a dashboard
_IN_A_ROW = 3
_HEIGHT = 6


class _Line(NamedTuple):
    """One line of a graph; without a statistic it is the metric's own."""

    metric: str
    label: str
    statistic: str | None = None


class _Graph(NamedTuple):
    """One graph: its title, the unit of its axis, and its lines."""

    title: str
    unit: str
    lines: tuple[_Line, ...]


_GRAPHS = (
    _Graph(
        "Requests",
        "per period",
        (
            _Line("Invocations", "requests"),
            _Line("InvocationsProcessed", "worked off"),
            _Line("InvocationsPerInstance", "per instance"),
            _Line("InvocationsPerCopy", "per copy"),
        ),
    ),
    _Graph(
        "Errors",
        "per period",
        (
            _Line("Invocation4XXErrors", "4xx"),
            _Line("Invocation5XXErrors", "5xx"),
            _Line("InvocationModelErrors", "of the container"),
            _Line("MidStreamErrors", "broken off"),
            _Line("InvocationFailures", "failed"),
            _Line("ExpiredRequests", "expired"),
            _Line("NoCapacityInvocationFailures", "without a copy"),
        ),
    ),
    _Graph(
        "Latency of the container",
        "µs",
        (
            _Line("ModelLatency", "median", "p50"),
            _Line("ModelLatency", "90 of 100", "p90"),
            _Line("ModelLatency", "99 of 100", "p99"),
            _Line("FirstChunkLatency", "first part, median", "p50"),
        ),
    ),
    _Graph("Latency added by SageMaker", "µs", (_Line("OverheadLatency", "average"),)),
    _Graph("Start of a container", "µs", (_Line("ModelSetupTime", "average"),)),
    _Graph(
        "Requests at once",
        "",
        (
            _Line("ConcurrentRequestsPerModel", "most"),
            _Line("ConcurrentRequestsPerCopy", "most, of a copy"),
        ),
    ),
    _Graph(
        "Concurrency in use",
        "of 1",
        (
            _Line("ServerlessConcurrentExecutionsUtilization", "of the maximum"),
            _Line("ServerlessProvisionedConcurrencyUtilization", "of the provisioned"),
        ),
    ),
    _Graph(
        "Queue",
        "requests",
        (
            _Line("ApproximateBacklogSize", "waiting or worked on"),
            _Line("ApproximateBacklogSizePerInstance", "per instance"),
            _Line("HasBacklogWithoutCapacity", "without an instance"),
        ),
    ),
    _Graph("Age of the oldest request", "s", (_Line("ApproximateAgeOfOldestRequest", "oldest"),)),
    _Graph(
        "Use of the instances",
        "%",
        (
            _Line("CPUUtilization", "processors, of one core"),
            _Line("MemoryUtilization", "memory"),
            _Line("DiskUtilization", "disk"),
        ),
    ),
    _Graph(
        "Use of the GPUs",
        "% of one GPU",
        (_Line("GPUUtilization", "GPUs"), _Line("GPUMemoryUtilization", "memory of the GPUs")),
    ),
)


def make_widgets(
    endpoint: EndpointMetrics, title: str, published: Collection[str]
) -> list[list[cloudwatch.IWidget]]:
    """Return rows of widgets: a headline, and graphs of what is published.

    Args:
        endpoint: What publishes the metrics.
        title: The headline, in Markdown.
        published: Names of the metrics that it publishes.
    """
    from aws_cdk import aws_cloudwatch as cloudwatch

    headline = cloudwatch.TextWidget(markdown=title, width=_WIDTH, height=1)
    graphs = list(_graphs(endpoint, published))
    rows = [graphs[at : at + _IN_A_ROW] for at in range(0, len(graphs), _IN_A_ROW)]
    return [[headline], *rows]


def _graphs(endpoint: EndpointMetrics, published: Collection[str]) -> Iterator[cloudwatch.IWidget]:
    """Return each graph that has something to show."""
    from aws_cdk import aws_cloudwatch as cloudwatch

    for graph in _GRAPHS:
        lines = [_metric(endpoint, line) for line in graph.lines if line.metric in published]
        if lines:
            yield cloudwatch.GraphWidget(
                title=graph.title,
                left=lines,
                left_y_axis=cloudwatch.YAxisProps(label=graph.unit, min=0, show_units=False),
                width=_WIDTH // _IN_A_ROW,
                height=_HEIGHT,
            )


def _metric(endpoint: EndpointMetrics, line: _Line) -> cloudwatch.Metric:
    options: MetricOptions = {"label": line.label}
    if line.statistic is not None:
        options["statistic"] = line.statistic
    return endpoint.metric(line.metric, **options)
