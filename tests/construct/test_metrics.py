"""The metrics of an endpoint: a method for each, with what CloudWatch knows it by."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from aws_cdk import App, Duration, Environment, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk.assertions import Template

from conftest import VIRGINIA
from sagemaker_model import ISageMakerModel, SageMakerModel
from sagemaker_model.endpoint_metrics import EndpointMetrics
from sagemaker_model.metric_names import (
    ASYNCHRONOUS,
    COMPONENT_HOSTS,
    COMPONENTS,
    HOSTS,
    PROVISIONED,
    QUEUE,
    REAL_TIME,
    SERVERLESS,
)
from sagemaker_model.metrics import Publisher, metric_of

PUBLISHED = REAL_TIME | COMPONENTS | HOSTS | ASYNCHRONOUS | SERVERLESS | PROVISIONED
SUMS = {
    "metric_expired_requests",
    "metric_invocation_4xx_errors",
    "metric_invocation_5xx_errors",
    "metric_invocation_failures",
    "metric_invocation_model_errors",
    "metric_invocations",
    "metric_invocations_per_copy",
    "metric_invocations_per_instance",
    "metric_invocations_processed",
    "metric_mid_stream_errors",
    "metric_no_capacity_failures",
    "metric_notification_failures",
    "metric_request_download_failures",
    "metric_response_upload_failures",
}
HIGHEST = {
    "metric_age_of_oldest_request",
    "metric_backlog_without_capacity",
    "metric_concurrent_executions_utilization",
    "metric_concurrent_requests",
    "metric_concurrent_requests_per_copy",
    "metric_provisioned_concurrency_executions",
    "metric_provisioned_concurrency_utilization",
}


def imported(stack: Stack) -> ISageMakerModel:
    return SageMakerModel.from_endpoint_name(stack, "Imported", "Chat")


def each_metric(stack: Stack) -> Iterator[tuple[str, cloudwatch.Metric]]:
    """Return what each method returns, by the method's name."""
    model = imported(stack)
    for name in vars(EndpointMetrics):
        if name.startswith("metric_"):
            yield name, getattr(model, name)()


def test_each_metric_that_is_published_has_a_method_and_no_other_has(stack: Stack) -> None:
    names = [metric.metric_name for _, metric in each_metric(stack)]

    assert sorted(names) == sorted(PUBLISHED)


def test_metrics_of_hosts_are_in_a_namespace_of_their_own(stack: Stack) -> None:
    found = {metric.metric_name: metric.namespace for _, metric in each_metric(stack)}

    assert {name for name, where in found.items() if where == "/aws/sagemaker/Endpoints"} == HOSTS
    assert set(found.values()) == {"/aws/sagemaker/Endpoints", "AWS/SageMaker"}


def test_a_queue_belongs_to_the_endpoint_and_all_else_to_its_variant(stack: Stack) -> None:
    of_endpoint = {"EndpointName": "Chat"}
    of_variant = {"EndpointName": "Chat", "VariantName": "AllTraffic"}

    for _, metric in each_metric(stack):
        expected = of_endpoint if metric.metric_name in QUEUE else of_variant
        assert metric.dimensions == expected, metric.metric_name


def test_events_are_summed_what_is_at_once_is_looked_at_where_it_is_highest(stack: Stack) -> None:
    for name, metric in each_metric(stack):
        expected = "Sum" if name in SUMS else "Maximum" if name in HIGHEST else "Average"
        assert metric.statistic == expected, name


def test_what_a_component_uses_of_its_instances_is_told_in_percent_of_what_it_may_use() -> None:
    publisher = Publisher("chat", component=True)

    found = [metric_of(publisher, name, {}) for name in sorted(COMPONENT_HOSTS)]

    assert [metric.metric_name for metric in found] == [
        "CPUUtilizationNormalized",
        "GPUMemoryUtilizationNormalized",
        "GPUUtilizationNormalized",
        "MemoryUtilizationNormalized",
    ]
    assert {metric.namespace for metric in found} == {"/aws/sagemaker/InferenceComponents"}


def test_a_normalized_metric_may_be_asked_for_by_its_name(stack: Stack) -> None:
    metric = imported(stack).metric("GPUUtilizationNormalized")

    assert (metric.metric_name, metric.namespace) == (
        "GPUUtilizationNormalized",
        "/aws/sagemaker/Endpoints",
    )


@pytest.mark.parametrize(
    ("metric", "statistic"),
    [("Invocations", "Sum"), ("ConcurrentRequestsPerModel", "Maximum"), ("Newer", "Average")],
)
def test_a_metric_by_its_name_has_the_statistic_that_its_method_has(
    stack: Stack, metric: str, statistic: str
) -> None:
    assert imported(stack).metric(metric).statistic == statistic


def test_a_metrics_options_win_over_its_defaults(stack: Stack) -> None:
    model = imported(stack)

    metric = model.metric("Invocations", statistic="SampleCount", period=Duration.minutes(1))

    assert metric.statistic == "SampleCount"
    assert metric.period.to_seconds() == 60


def test_a_metric_has_no_unit_unless_it_is_given(stack: Stack) -> None:
    model = imported(stack)

    assert model.metric("ModelLatency").unit is None
    given = model.metric("ModelLatency", unit=cloudwatch.Unit.MICROSECONDS)
    assert given.unit is cloudwatch.Unit.MICROSECONDS


def test_a_dashboard_elsewhere_looks_into_the_models_region() -> None:
    app = App()
    here = Stack(app, "Here", env=VIRGINIA)
    there = Stack(app, "There", env=Environment(account="123456789012", region="eu-west-1"))
    widget = cloudwatch.GraphWidget(left=[imported(here).metric("Invocations")])

    cloudwatch.Dashboard(there, "Dashboard", widgets=[[widget]])

    (dashboard,) = Template.from_stack(there).find_resources("AWS::CloudWatch::Dashboard").values()
    assert '"region":"us-east-1"' in str(dashboard["Properties"]["DashboardBody"])
