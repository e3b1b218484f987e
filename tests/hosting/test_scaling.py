"""What follows the load, and what is refused."""

from typing import Any

import pytest
from aws_cdk import App, Duration, Stack, TimeZone, assertions
from aws_cdk import aws_applicationautoscaling as autoscaling
from aws_cdk.assertions import Match, Template

from construct.models import container
from sagemaker_model import (
    Container,
    ContainerImages,
    RealTime,
    SageMakerModel,
    Scaling,
    Weights,
)

TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"
ENDPOINT = "AWS::SageMaker::Endpoint"


@pytest.fixture
def model(stack: Stack) -> SageMakerModel:
    return SageMakerModel(stack, "Model", model=container(), smoke_test=None)


def policies(stack: Stack) -> list[dict[str, Any]]:
    found = Template.from_stack(stack).find_resources(POLICY).values()
    return [each["Properties"]["TargetTrackingScalingPolicyConfiguration"] for each in found]


def test_the_number_of_instances_is_scaled_by_the_service_linked_role(
    app: App, stack: Stack, model: SageMakerModel
) -> None:
    model.auto_scale(min_capacity=2, max_capacity=4)

    app.synth()
    template = Template.from_stack(stack)
    template.has_resource_properties(
        TARGET,
        {
            "MinCapacity": 2,
            "MaxCapacity": 4,
            "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
            "ServiceNamespace": "sagemaker",
        },
    )
    (target,) = template.find_resources(TARGET).values()
    assert str(target["Properties"]["ResourceId"]).endswith("'/variant/AllTraffic']]}")
    assert "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint" in str(target)
    template.resource_count_is("AWS::IAM::Role", 1)


def test_the_target_is_deleted_before_the_endpoint(app: App) -> None:
    stack = Stack(app, "Stack")
    model = SageMakerModel(stack, "Model", model=container(), endpoint_name="Chat")

    model.auto_scale(max_capacity=2)

    template = Template.from_stack(stack)
    (endpoint,) = template.find_resources(ENDPOINT)
    (target,) = template.find_resources(TARGET).values()
    assert endpoint in str(target)


def test_an_update_keeps_the_number_of_instances_and_nothing_else(
    stack: Stack, model: SageMakerModel
) -> None:
    model.auto_scale(max_capacity=2)

    Template.from_stack(stack).has_resource_properties(
        ENDPOINT,
        {
            "RetainAllVariantProperties": True,
            "ExcludeRetainedVariantProperties": [
                {"VariantPropertyType": "DesiredWeight"},
                {"VariantPropertyType": "DataCaptureConfig"},
            ],
        },
    )


def test_an_endpoint_that_is_not_scaled_retains_nothing(
    stack: Stack,
    model: SageMakerModel,  # noqa: ARG001
) -> None:
    Template.from_stack(stack).has_resource_properties(
        ENDPOINT, {"RetainAllVariantProperties": Match.absent()}
    )


def test_invocations_and_concurrency_are_metrics_of_application_auto_scaling(
    stack: Stack, model: SageMakerModel
) -> None:
    scaling = model.auto_scale(max_capacity=2)

    scaling.scale_on_invocations(120, scale_in_cooldown=Duration.minutes(10))
    scaling.scale_on_concurrency(4, disable_scale_in=True)

    assert policies(stack) == [
        {
            "PredefinedMetricSpecification": {
                "PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"
            },
            "TargetValue": 120,
            "ScaleInCooldown": 600,
        },
        {
            "PredefinedMetricSpecification": {
                "PredefinedMetricType": "SageMakerVariantConcurrentRequestsPerModelHighResolution"
            },
            "TargetValue": 4,
            "DisableScaleIn": True,
        },
    ]


def test_any_metric_can_be_kept_near_a_number(
    app: App, stack: Stack, model: SageMakerModel
) -> None:
    model.auto_scale(max_capacity=2).scale_on_metric("Gpu", model.metric_gpu_utilization(), 60)

    app.synth()
    (policy,) = policies(stack)
    assert policy["CustomizedMetricSpecification"]["MetricName"] == "GPUUtilization"
    assert policy["TargetValue"] == 60


def test_the_bounds_follow_the_clock_of_a_time_zone(stack: Stack, model: SageMakerModel) -> None:
    model.auto_scale(max_capacity=4).scale_on_schedule(
        "Morning",
        autoscaling.Schedule.cron(hour="8", minute="0"),
        min_capacity=2,
        time_zone=TimeZone.EUROPE_BERLIN,
    )

    action = {
        "ScheduledActionName": "Morning",
        "Schedule": "cron(0 8 * * ? *)",
        "Timezone": "Europe/Berlin",
        "ScalableTargetAction": {"MinCapacity": 2},
    }
    Template.from_stack(stack).has_resource_properties(TARGET, {"ScheduledActions": [action]})


def test_detached_nothing_scales_but_the_fleet_keeps_its_size(
    stack: Stack, model: SageMakerModel
) -> None:
    scaling = model.auto_scale(max_capacity=4, detached=True)
    scaling.scale_on_concurrency(4)
    scaling.scale_on_schedule("Night", autoscaling.Schedule.cron(hour="22"), max_capacity=1)

    template = Template.from_stack(stack)
    assert scaling.target is None
    template.resource_count_is(TARGET, 0)
    template.resource_count_is(POLICY, 0)
    template.has_resource_properties(ENDPOINT, {"RetainAllVariantProperties": True})


@pytest.mark.parametrize(
    ("low", "high", "message"),
    [
        (0, 2, "min_capacity must be between 1 and"),
        (1, 0, "max_capacity must be between 1 and"),
        (3, 2, "min_capacity must be at most max_capacity, got 3 and 2"),
    ],
)
def test_capacities_that_no_real_time_endpoint_has_are_refused(
    model: SageMakerModel, low: int, high: int, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        model.auto_scale(min_capacity=low, max_capacity=high)


def test_a_capacity_that_is_no_whole_number_is_refused(model: SageMakerModel) -> None:
    with pytest.raises(TypeError, match=r"max_capacity must be a whole number, got 1\.5"):
        model.auto_scale(max_capacity=1.5)  # type: ignore[arg-type]


def test_a_burstable_type_is_refused(stack: Stack) -> None:
    model = SageMakerModel(
        stack,
        "Model",
        model=Container(
            model_id="org/name",
            instance_type="ml.t2.large",
            container=ContainerImages.HF_PYTORCH_INFERENCE_CPU_LATEST,
        ),
    )

    with pytest.raises(
        ValueError, match=r"ml\.t2\.large: SageMaker does not scale burstable types"
    ):
        model.auto_scale(max_capacity=2)


def test_a_burstable_type_among_further_ones_is_refused(stack: Stack) -> None:
    hosting = RealTime(instance_pools=["ml.t2.large"])
    model = SageMakerModel(stack, "Model", model=container(), hosting=hosting)

    with pytest.raises(ValueError, match=r"ml\.t2\.large"):
        model.auto_scale(max_capacity=2)


def test_an_endpoint_is_scaled_once(model: SageMakerModel) -> None:
    model.auto_scale(max_capacity=2)

    with pytest.raises(ValueError, match="auto_scale was called before"):
        model.auto_scale(max_capacity=3)


def use_twice(scaling: Scaling) -> None:
    scaling.scale_on_concurrency(1)
    scaling.scale_on_concurrency(2)


def schedule_nothing(scaling: Scaling) -> None:
    scaling.scale_on_schedule("Nothing", autoscaling.Schedule.cron(hour="8"))


def schedule_none_at_all(scaling: Scaling) -> None:
    scaling.scale_on_schedule("Night", autoscaling.Schedule.cron(hour="8"), min_capacity=0)


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (use_twice, "Concurrency is set already"),
        (schedule_nothing, "needs min_capacity or max_capacity"),
        (schedule_none_at_all, "min_capacity must be between 1"),
        (lambda scaling: scaling.scale_on_invocations(0), "target of Invocations must be above 0"),
        (lambda scaling: scaling.scale_on_backlog(1), "scale_on_backlog can't be used here"),
        (lambda scaling: scaling.scale_on_utilization(1), "scale_on_utilization can't be used"),
    ],
)
def test_a_policy_that_can_do_nothing_is_refused(
    model: SageMakerModel, mistake: Any, message: str
) -> None:
    scaling = model.auto_scale(max_capacity=2)

    with pytest.raises(ValueError, match=message):
        mistake(scaling)


def test_scaling_what_downloads_from_the_hub_is_warned_of(
    stack: Stack, model: SageMakerModel
) -> None:
    model.auto_scale(max_capacity=2)

    assertions.Annotations.from_stack(stack).has_warning(
        "/Stack/Model", Match.string_like_regexp("weights: are downloaded from the Hub again")
    )


def test_scaling_what_lies_in_s3_is_not(stack: Stack) -> None:
    weights = Weights.from_s3("s3://bucket/prefix/")
    served = Container(model_id="org/name", instance_type="ml.g5.2xlarge", weights=weights)

    SageMakerModel(stack, "Model", model=served).auto_scale(max_capacity=2)

    assertions.Annotations.from_stack(stack).has_no_warning(
        "/Stack/Model", Match.string_like_regexp("downloaded from the Hub")
    )
