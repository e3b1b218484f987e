"""Which instances are found in a synthesized app."""

from __future__ import annotations

from pathlib import Path

import pytest
from aws_cdk import App, Environment, Stack, Stage, TimeZone
from aws_cdk.aws_applicationautoscaling import Schedule

from construct.models import container, cpu_container
from sagemaker_model import (
    Asynchronous,
    InferenceComponent,
    RealTime,
    SageMakerModel,
    Serverless,
    SharedEndpoint,
)
from sagemaker_model.cost.fleet import Billing, Fleet, fleets_in
from sagemaker_model.cost.week import Change, average_least


@pytest.fixture
def app(tmp_path: Path) -> App:
    return App(outdir=str(tmp_path), context={"aws:cdk:enable-path-metadata": True})


@pytest.fixture
def stack(app: App) -> Stack:
    return Stack(app, "Stack", env=Environment(region="eu-west-1"))


def found(app: App) -> list[Fleet]:
    return fleets_in(Path(app.synth().directory))


def test_an_endpoint_is_told_with_its_region_type_and_number(app: App, stack: Stack) -> None:
    hosting = RealTime(initial_instance_count=3)
    SageMakerModel(stack, "Model", model=container("ml.g5.2xlarge"), hosting=hosting)

    assert found(app) == [
        Fleet(
            endpoint="Stack/Model",
            billing=Billing.HOSTING,
            region="eu-west-1",
            instance_type="ml.g5.2xlarge",
            first=3,
            least=3,
            most=3,
        )
    ]


@pytest.mark.parametrize("name", [None, "my-endpoint"])
def test_what_scales_it_is_told_with_its_schedule(app: App, stack: Stack, name: str | None) -> None:
    model = SageMakerModel(stack, "Model", model=container(), endpoint_name=name)
    scaling = model.auto_scale(min_capacity=1, max_capacity=4)
    scaling.scale_on_schedule(
        "Night", schedule=Schedule.cron(hour="20", minute="0"), min_capacity=1, max_capacity=1
    )
    SageMakerModel(stack, "Other", model=container())

    scaled, other = found(app)

    assert (scaled.first, scaled.least, scaled.most) == (1, 1, 4)
    assert scaled.schedule == (Change("cron(0 20 * * ? *)", 1),)
    assert (other.least, other.most, other.schedule) == (1, 1, ())


def test_models_on_a_shared_endpoint_are_its_instances_and_no_more(app: App, stack: Stack) -> None:
    endpoint = SharedEndpoint(
        stack, "Shared", instance_type="ml.g5.12xlarge", min_instances=0, max_instances=3
    )
    for name in ("One", "Two"):
        hosting = InferenceComponent(endpoint=endpoint, accelerators=2)
        model = container("ml.g5.12xlarge")
        SageMakerModel(stack, name, model=model, hosting=hosting).auto_scale(
            min_capacity=0, max_capacity=8
        )

    (fleet,) = found(app)

    assert (fleet.endpoint, fleet.least, fleet.most) == ("Stack/Shared", 0, 3)


def test_a_shared_endpoint_is_awake_while_a_copy_is(app: App, stack: Stack) -> None:
    endpoint = SharedEndpoint(
        stack, "Shared", instance_type="ml.g5.2xlarge", min_instances=0, max_instances=3
    )
    hosting = InferenceComponent(endpoint=endpoint)
    model = SageMakerModel(stack, "Model", model=container("ml.g5.2xlarge"), hosting=hosting)
    model.auto_scale(min_capacity=2, max_capacity=4).scale_on_office_hours(
        start="08:00", end="18:00", time_zone=TimeZone.EUROPE_BERLIN
    )

    (fleet,) = found(app)

    assert fleet.least is not None
    average = average_least(fleet.least, fleet.schedule)
    assert average is not None
    assert round(average * 168) == 50


def test_a_shared_endpoint_with_a_copy_that_never_sleeps_has_an_instance(
    app: App, stack: Stack
) -> None:
    endpoint = SharedEndpoint(
        stack, "Shared", instance_type="ml.g5.2xlarge", min_instances=0, max_instances=3
    )
    hosting = InferenceComponent(endpoint=endpoint)
    SageMakerModel(stack, "Model", model=container("ml.g5.2xlarge"), hosting=hosting)

    (fleet,) = found(app)

    assert (fleet.least, fleet.most, fleet.schedule) == (1, 3, ())


def test_asynchronous_and_serverless_endpoints_are_billed_otherwise(app: App, stack: Stack) -> None:
    SageMakerModel(stack, "Async", model=container(), hosting=Asynchronous())
    serverless = Serverless(memory_mb=6144)
    SageMakerModel(stack, "Serverless", model=cpu_container(), hosting=serverless)

    assert [each.billing for each in found(app)] == [Billing.ASYNCHRONOUS, Billing.SERVERLESS]


def test_stages_are_looked_into_and_an_open_region_is_not_known(app: App) -> None:
    stage = Stage(app, "Production")
    SageMakerModel(Stack(stage, "Chat"), "Model", model=container())

    (fleet,) = found(app)

    assert (fleet.endpoint, fleet.region) == ("Production/Chat/Model", None)


def test_other_types_that_may_be_taken_are_told(app: App, stack: Stack) -> None:
    hosting = RealTime(instance_pools=["ml.g6.2xlarge"])
    SageMakerModel(stack, "Model", model=container("ml.g5.2xlarge"), hosting=hosting)

    (fleet,) = found(app)

    assert (fleet.instance_type, fleet.others) == ("ml.g5.2xlarge", ("ml.g6.2xlarge",))
