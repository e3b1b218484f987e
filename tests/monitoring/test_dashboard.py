"""The widgets of a model: a graph of each thing that its hosting publishes, and of no other."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk.assertions import Template

from construct.models import container
from monitoring.models import asynchronous, component, on_processors, real_time, serverless
from sagemaker_model import SageMakerModel

BOTH = ["Requests", "Errors", "Latency of the container"]
SERVED = [*BOTH, "Latency added by SageMaker"]
HOSTS = "Use of the instances"


def shown(stack: Stack) -> list[dict[str, Any]]:
    """Return the widgets of the only dashboard, with a word for each token."""
    (found,) = Template.from_stack(stack).find_resources("AWS::CloudWatch::Dashboard").values()
    body = found["Properties"]["DashboardBody"]
    text = body if isinstance(body, str) else "".join(map(_word, body["Fn::Join"][1]))
    widgets: list[dict[str, Any]] = json.loads(text)["widgets"]
    return widgets


def _word(part: Any) -> str:
    return part if isinstance(part, str) else str(next(iter(part)))


@pytest.mark.parametrize(
    ("make", "graphs"),
    [
        (real_time, [*SERVED, "Requests at once", HOSTS, "Use of the GPUs"]),
        (on_processors, [*SERVED, "Requests at once", HOSTS]),
        (asynchronous, [*BOTH, "Queue", "Age of the oldest request", HOSTS, "Use of the GPUs"]),
        (serverless, [*SERVED, "Start of a container", "Concurrency in use", HOSTS]),
        (component, [*SERVED, "Requests at once", HOSTS, "Use of the GPUs"]),
    ],
    ids=["real time", "on processors", "asynchronous", "serverless", "component"],
)
def test_a_graph_is_there_for_what_the_hosting_publishes(
    app: App, stack: Stack, make: Callable[[Stack], SageMakerModel], graphs: list[str]
) -> None:
    widgets = make(stack).dashboard_widgets()

    cloudwatch.Dashboard(stack, "Dashboard", widgets=widgets)

    app.synth()
    titles = [each["properties"].get("title") for each in shown(stack)]
    assert titles == [None, *graphs]


@pytest.mark.parametrize(
    ("make", "never"),
    [
        (asynchronous, {"Invocations", "InvocationsPerInstance", "OverheadLatency"}),
        (serverless, {"CPUUtilization", "DiskUtilization", "GPUUtilization"}),
        (on_processors, {"GPUUtilization", "GPUMemoryUtilization"}),
        (real_time, {"ApproximateBacklogSize", "ModelSetupTime"}),
    ],
    ids=["asynchronous", "serverless", "on processors", "real time"],
)
def test_what_is_never_published_is_not_shown(
    stack: Stack, make: Callable[[Stack], SageMakerModel], never: set[str]
) -> None:
    cloudwatch.Dashboard(stack, "Dashboard", widgets=make(stack).dashboard_widgets())

    lines = [line for each in shown(stack) for line in each["properties"].get("metrics", ())]
    assert lines
    assert never.isdisjoint(line[1] for line in lines)


def test_provisioned_concurrency_is_shown_where_there_is_some(stack: Stack) -> None:
    model = serverless(stack, provisioned=1)

    cloudwatch.Dashboard(stack, "Dashboard", widgets=model.dashboard_widgets())

    assert "ServerlessProvisionedConcurrencyUtilization" in str(shown(stack))


def test_the_headline_tells_model_and_endpoint(stack: Stack) -> None:
    model = real_time(stack)

    cloudwatch.Dashboard(stack, "Dashboard", widgets=model.dashboard_widgets())

    headline = shown(stack)[0]["properties"]["markdown"]
    assert headline == "## org/name at Fn::GetAtt"


def test_a_graph_is_as_wide_as_a_third_of_the_dashboard(stack: Stack) -> None:
    cloudwatch.Dashboard(stack, "Dashboard", widgets=real_time(stack).dashboard_widgets())

    headline, *graphs = shown(stack)
    assert headline["width"] == 24
    assert {each["width"] for each in graphs} == {8}
    assert [each["x"] for each in graphs[:4]] == [0, 8, 16, 0]


def test_several_models_are_joined_in_one_dashboard(stack: Stack) -> None:
    models = [SageMakerModel(stack, name, model=container()) for name in ("First", "Second")]
    rows = [row for model in models for row in model.dashboard_widgets()]

    cloudwatch.Dashboard(stack, "Dashboard", widgets=rows)

    titles = [each["properties"].get("title") for each in shown(stack)]
    assert titles.count(None) == titles.count("Requests") == 2
