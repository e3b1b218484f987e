"""A model that is there in office hours, and nowhere else in the week."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import App, Stack, TimeZone
from aws_cdk.assertions import Annotations, Match, Template
from aws_cdk.aws_applicationautoscaling import Schedule

from construct.models import cpu_container
from sagemaker_model import (
    Asynchronous,
    InferenceComponent,
    RealTime,
    SageMakerModel,
    Scaling,
    Serverless,
    SharedEndpoint,
)
from sagemaker_model.hosting.hosting import Hosting
from sagemaker_model.hosting.office_hours import parse_days

TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
WARNING = "scaling-zero-still-paid"
BERLIN = TimeZone.EUROPE_BERLIN


def component(stack: Stack, *, min_instances: int = 0) -> InferenceComponent:
    shared = SharedEndpoint(
        stack,
        "Shared",
        instance_type="ml.m5.xlarge",
        min_instances=min_instances,
        max_instances=2,
    )
    return InferenceComponent(endpoint=shared)


def scaled(stack: Stack, hosting: Hosting, **capacities: Any) -> Scaling:
    model = SageMakerModel(stack, "Model", model=cpu_container(), hosting=hosting)
    return model.auto_scale(**{"max_capacity": 2, **capacities})


def actions(stack: Stack) -> dict[str, Any]:
    """Return each scheduled action, by what it does."""
    (target,) = Template.from_stack(stack).find_resources(TARGET).values()
    return {
        each["ScheduledActionName"]: (
            each["Schedule"],
            each["ScalableTargetAction"]["MinCapacity"],
            each["ScalableTargetAction"]["MaxCapacity"],
            each["Timezone"],
        )
        for each in target["Properties"]["ScheduledActions"]
    }


@pytest.mark.parametrize("kind", ["component", "asynchronous"])
def test_capacity_is_none_at_night_and_back_in_the_morning(
    app: App, stack: Stack, kind: str
) -> None:
    hosting = component(stack) if kind == "component" else Asynchronous()
    scaling = scaled(stack, hosting)

    scaling.scale_on_office_hours(start="08:00", end="18:30", time_zone=BERLIN)

    app.synth()
    assert actions(stack) == {
        "OfficeOpens": ("cron(0 8 ? * MON,TUE,WED,THU,FRI *)", 1, 2, "Europe/Berlin"),
        "OfficeCloses": ("cron(30 18 ? * MON,TUE,WED,THU,FRI *)", 0, 0, "Europe/Berlin"),
    }


def test_nothing_wakes_it_at_night_though_a_request_does_by_day(stack: Stack) -> None:
    scaling = scaled(stack, component(stack), min_capacity=0)

    scaling.scale_on_office_hours(start="8:00", end="18:00", time_zone=BERLIN, min_capacity=0)

    bounds = {name: each[1:3] for name, each in actions(stack).items()}
    assert bounds == {"OfficeOpens": (0, 2), "OfficeCloses": (0, 0)}
    Template.from_stack(stack).resource_count_is("AWS::CloudWatch::Alarm", 1)


def test_a_request_may_wake_it_at_night_where_that_is_wanted(stack: Stack) -> None:
    scaling = scaled(stack, component(stack))

    scaling.scale_on_office_hours(start="08:00", end="18:00", time_zone=BERLIN, wakes=True)

    assert actions(stack)["OfficeCloses"][1:3] == (0, 2)
    Template.from_stack(stack).has_resource_properties(
        "AWS::CloudWatch::Alarm", {"MetricName": "NoCapacityInvocationFailures"}
    )


def test_without_it_there_is_nothing_that_could_wake_it(stack: Stack) -> None:
    scaling = scaled(stack, component(stack))

    scaling.scale_on_office_hours(start="08:00", end="18:00", time_zone=BERLIN)

    Template.from_stack(stack).resource_count_is("AWS::CloudWatch::Alarm", 0)


def test_by_day_it_is_scaled_as_ever_but_is_there(stack: Stack) -> None:
    scaling = scaled(stack, Asynchronous(), min_capacity=0, max_capacity=5)

    scaling.scale_on_office_hours(start="08:00", end="18:00", time_zone=BERLIN)

    assert actions(stack)["OfficeOpens"][1:3] == (1, 5)


def test_a_night_shift_ends_on_the_next_day(stack: Stack) -> None:
    scaling = scaled(stack, Asynchronous())

    scaling.scale_on_office_hours(start="20:00", end="06:00", days="FRI-SUN", time_zone=BERLIN)

    schedules = {name: each[0] for name, each in actions(stack).items()}
    assert schedules == {
        "OfficeOpens": "cron(0 20 ? * FRI,SAT,SUN *)",
        "OfficeCloses": "cron(0 6 ? * MON,SAT,SUN *)",
    }


def test_while_scaling_is_detached_nothing_is_made(stack: Stack) -> None:
    model = SageMakerModel(stack, "Model", model=cpu_container(), hosting=Asynchronous())
    scaling = model.auto_scale(max_capacity=2, detached=True)

    scaling.scale_on_office_hours(start="08:00", end="18:00", time_zone=BERLIN, wakes=True)

    Template.from_stack(stack).resource_count_is(TARGET, 0)


def test_a_real_time_endpoint_can_not_and_what_can_is_told(stack: Stack) -> None:
    scaling = scaled(stack, RealTime())

    with pytest.raises(ValueError, match=r"SharedEndpoint\(min_instances=0\).*or use Asynchronous"):
        scaling.scale_on_office_hours(start="08:00", end="18:00", time_zone=BERLIN)


def test_a_serverless_endpoint_needs_none(stack: Stack) -> None:
    scaling = scaled(stack, Serverless(memory_mb=2048, provisioned_concurrency=2))

    with pytest.raises(ValueError, match="costs nothing while nobody asks"):
        scaling.scale_on_office_hours(start="08:00", end="18:00", time_zone=BERLIN)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"start": "8 am"}, "start must be a time of the day such as '08:00', got '8 am'"),
        ({"end": "24:00"}, "end must be a time of the day"),
        ({"end": "08:00"}, "start and end must be two times"),
        ({"days": "MON-FRY"}, "days must be days such as 'MON-FRI'"),
        ({"days": ""}, "days must be days"),
        ({"min_capacity": 3}, "min_capacity must be at most max_capacity, got 3 and 2"),
        ({"max_capacity": 0, "min_capacity": 0}, "max_capacity must be 1 or more"),
    ],
    ids=["start", "end", "same", "day", "empty", "above", "none"],
)
def test_what_are_no_office_hours_is_refused(
    stack: Stack, arguments: dict[str, Any], said: str
) -> None:
    scaling = scaled(stack, Asynchronous())
    hours = {"start": "08:00", "end": "18:00", "time_zone": BERLIN, **arguments}

    with pytest.raises(ValueError, match=said):
        scaling.scale_on_office_hours(**hours)


def test_they_are_set_once(stack: Stack) -> None:
    scaling = scaled(stack, Asynchronous())
    scaling.scale_on_office_hours(start="08:00", end="18:00", time_zone=BERLIN)

    with pytest.raises(ValueError, match="OfficeOpens is set already"):
        scaling.scale_on_office_hours(start="09:00", end="17:00", time_zone=BERLIN)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("MON", "MON"),
        ("mon, WED", "MON WED"),
        ("SAT-MON", "MON SAT SUN"),
        ("MON-SUN", "MON TUE WED THU FRI SAT SUN"),
    ],
)
def test_days_are_read_as_people_write_them(text: str, days: str) -> None:
    assert " ".join(parse_days(text)) == days


# -- instances that stay -----------------------------------------------------------------------


def sleeping(stack: Stack, min_instances: int) -> SageMakerModel:
    hosting = component(stack, min_instances=min_instances)
    return SageMakerModel(stack, "Model", model=cpu_container(), hosting=hosting)


@pytest.mark.parametrize("way", ["capacity", "hours", "schedule"])
def test_no_copy_on_instances_that_stay_is_a_warning(stack: Stack, way: str) -> None:
    model = sleeping(stack, 1)
    scaling = model.auto_scale(min_capacity=0 if way == "capacity" else 1, max_capacity=2)
    if way == "hours":
        scaling.scale_on_office_hours(start="08:00", end="18:00", time_zone=BERLIN)
    if way == "schedule":
        scaling.scale_on_schedule("Night", Schedule.cron(hour="20"), min_capacity=0)

    found = Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp("keeps 1 in"))
    assert [WARNING in str(each.entry.data) for each in found] == [True]
    assert [each.id for each in found] == ["/Stack/Model/Scaling"]


def test_no_copy_on_instances_that_go_is_not(stack: Stack) -> None:
    sleeping(stack, 0).auto_scale(min_capacity=0, max_capacity=2)

    Annotations.from_stack(stack).has_no_warning("*", Match.string_like_regexp("keeps"))
