"""The rarer options of instances: rendered as the schema wants them, or refused by their name."""

import json
from typing import Any

import pytest
from aws_cdk import App, Duration, Stack
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Template

from construct.models import container
from sagemaker_model import DataCapture, RealTime, SageMakerModel
from sagemaker_model.hosting.hosting import Hosting

RESERVATION = "arn:aws:sagemaker:us-east-1:123456789012:training-plan/abc"


def template(app: App, stack: Stack, hosting: Hosting) -> Template:
    """Return the template, which the strict validation of the app has accepted."""
    SageMakerModel(stack, "Model", model=container(), hosting=hosting, smoke_test=None)
    app.synth()
    return Template.from_stack(stack)


def config(app: App, stack: Stack, hosting: Hosting) -> Any:
    found = template(app, stack, hosting).find_resources("AWS::SageMaker::EndpointConfig")
    (resource,) = found.values()
    return resource["Properties"]


def statement(found: Template, sid: str) -> Any:
    (policy,) = found.find_resources("AWS::IAM::Policy").values()
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    return next((each for each in statements if each.get("Sid") == sid), None)


def named(parameter: dict[str, Any] | str) -> str:
    """Name a test after its arguments and its message, the same in every process."""
    return parameter if isinstance(parameter, str) else ",".join(parameter)


def test_requests_are_routed_as_asked(app: App, stack: Stack) -> None:
    (variant,) = config(app, stack, RealTime(routing="LEAST_OUTSTANDING_REQUESTS"))[
        "ProductionVariants"
    ]

    assert variant["RoutingConfig"] == {"RoutingStrategy": "LEAST_OUTSTANDING_REQUESTS"}


def test_routing_by_prefix_has_its_two_numbers(app: App, stack: Stack) -> None:
    hosting = RealTime(
        routing="PREFIX_AWARE", routing_prefix_length=4096, routing_concurrency_threshold=8
    )

    (variant,) = config(app, stack, hosting)["ProductionVariants"]

    assert variant["RoutingConfig"] == {
        "RoutingStrategy": "PREFIX_AWARE",
        "PrefixAwareRoutingConfig": {"PrefixLength": 4096, "ConcurrencyThreshold": 8},
    }


def test_further_types_are_tried_after_the_deployments_own(app: App, stack: Stack) -> None:
    hosting = RealTime(
        instance_pools=["ml.g6.2xlarge", "ml.g5.4xlarge"], provision_timeout=Duration.minutes(10)
    )

    (variant,) = config(app, stack, hosting)["ProductionVariants"]

    assert variant["InstancePools"] == [
        {"InstanceType": "ml.g5.2xlarge", "Priority": 1},
        {"InstanceType": "ml.g6.2xlarge", "Priority": 2},
        {"InstanceType": "ml.g5.4xlarge", "Priority": 3},
    ]
    assert variant["VariantInstanceProvisionTimeoutInSeconds"] == 600
    assert "InstanceType" not in variant


def test_a_type_that_is_the_deployments_own_is_no_further_one(stack: Stack) -> None:
    with pytest.raises(ValueError, match="which is the deployment's instance_type"):
        SageMakerModel(
            stack,
            "Model",
            model=container(),
            hosting=RealTime(instance_pools=["ml.g5.2xlarge"]),
        )


def test_instances_are_launched_into_the_reservation_only(app: App, stack: Stack) -> None:
    (variant,) = config(app, stack, RealTime(capacity_reservation_arn=RESERVATION))[
        "ProductionVariants"
    ]

    assert variant["CapacityReservationConfig"] == {
        "CapacityReservationPreference": "capacity-reservations-only",
        "MlReservationArn": RESERVATION,
    }


def test_metrics_are_published_as_finely_and_as_often_as_asked(app: App, stack: Stack) -> None:
    hosting = RealTime(enhanced_metrics=True, metric_frequency=Duration.seconds(10))

    assert config(app, stack, hosting)["MetricsConfig"] == {
        "EnableEnhancedMetrics": True,
        "MetricPublishFrequencyInSeconds": 10,
    }


def test_sessions_need_the_rights_of_the_ssm_agent(app: App, stack: Stack) -> None:
    found = template(app, stack, RealTime(ssm_access=True))

    assert statement(found, "OpenSessions")["Action"][0] == "ssmmessages:CreateControlChannel"
    assert '"EnableSSMAccess": true' in json.dumps(found.to_json())


def test_core_dumps_are_written_below_their_folder_only(app: App, stack: Stack) -> None:
    key = kms.Key(stack, "Key")

    found = template(app, stack, RealTime(core_dump="s3://dumps/qwen/", core_dump_key=key))

    (resource,) = found.find_resources("AWS::SageMaker::EndpointConfig").values()
    dump = resource["Properties"]["ProductionVariants"][0]["CoreDumpConfig"]
    assert dump == {
        "DestinationS3Uri": "s3://dumps/qwen",
        "KmsKeyId": stack.resolve(key.key_arn),
    }
    assert ":s3:::dumps/qwen/*" in str(statement(found, "WriteCoreDumps")["Resource"])
    assert statement(found, "WriteCoreDumpsKey")["Resource"] == stack.resolve(key.key_arn)


def test_what_is_captured_goes_to_a_bucket_of_its_own_that_stays(app: App, stack: Stack) -> None:
    found = template(app, stack, RealTime(data_capture=DataCapture()))

    (name,) = found.find_resources("AWS::S3::Bucket", {"DeletionPolicy": "Retain"})
    capture = next(iter(found.find_resources("AWS::SageMaker::EndpointConfig").values()))
    assert capture["Properties"]["DataCaptureConfig"] == {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": {"Fn::Join": ["", ["s3://", {"Ref": name}, "/captured"]]},
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
    }
    assert "/captured/*" in str(statement(found, "WriteCapturedData")["Resource"])


def test_what_is_captured_goes_where_and_as_it_is_asked(app: App, stack: Stack) -> None:
    key = kms.Key(stack, "Key")
    capture = DataCapture(
        path="s3://captured/chat/",
        sampling_percentage=5,
        responses=False,
        encryption_key=key,
        json_content_types=["application/json"],
    )

    found = template(app, stack, RealTime(data_capture=capture))

    found.resource_count_is("AWS::S3::Bucket", 0)
    found.has_resource_properties(
        "AWS::SageMaker::EndpointConfig",
        {
            "DataCaptureConfig": {
                "DestinationS3Uri": "s3://captured/chat",
                "InitialSamplingPercentage": 5,
                "CaptureOptions": [{"CaptureMode": "Input"}],
                "KmsKeyId": stack.resolve(key.key_arn),
                "CaptureContentTypeHeader": {"JsonContentTypes": ["application/json"]},
            }
        },
    )
    assert statement(found, "WriteCapturedDataKey")["Action"] == [
        "kms:Decrypt",
        "kms:Encrypt",
        "kms:GenerateDataKey",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"routing": "KV_AWARE"}, "routing must be one of LEAST_OUTSTANDING_REQUESTS, RANDOM"),
        ({"routing": "PREFIX_AWARE"}, "needs routing_prefix_length and routing_concurrency"),
        ({"routing_prefix_length": 2048}, "are read by routing='PREFIX_AWARE' only"),
        (
            {"routing": "PREFIX_AWARE", "routing_prefix_length": 1023},
            "routing_prefix_length must be between 1024 and 65536 bytes, got 1023",
        ),
        (
            {"routing": "PREFIX_AWARE", "routing_concurrency_threshold": 1025},
            "routing_concurrency_threshold must be between 1 and 1024 requests",
        ),
        ({"instance_pools": ["ml.m5.large"] * 5}, "at most 4 further types"),
        ({"instance_pools": ["ml.m5.large"] * 2}, "names a type twice"),
        ({"provision_timeout": Duration.minutes(4)}, "provision_timeout must be between 5 minutes"),
        ({"capacity_reservation_arn": "mine"}, "must be the ARN of a reservation"),
        (
            {"capacity_reservation_arn": RESERVATION, "instance_pools": ["ml.m5.large"]},
            "exclude each other",
        ),
        ({"metric_frequency": Duration.seconds(20)}, "must be one of 10, 30, 60, 120"),
        ({"core_dump": "https://b/x"}, "core_dump must be s3://bucket/folder"),
        ({"core_dump": "s3://b/*"}, "without [*] and [?]"),
    ],
    ids=named,
)
def test_what_the_api_does_not_take_is_refused_by_its_name(
    arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        RealTime(**arguments)


def test_a_type_alone_is_no_list_of_types() -> None:
    with pytest.raises(TypeError, match="instance_pools must be a list"):
        RealTime(instance_pools="ml.m5.large")


def test_a_key_without_core_dumps_is_refused(stack: Stack) -> None:
    with pytest.raises(ValueError, match="core_dump is not given"):
        RealTime(core_dump_key=kms.Key(stack, "Key"))


@pytest.mark.parametrize("percentage", [-1, 101])
def test_a_share_out_of_range_is_refused(percentage: int) -> None:
    with pytest.raises(ValueError, match="sampling_percentage must be between 0 and 100 percent"):
        DataCapture(sampling_percentage=percentage)


def test_capturing_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="leave nothing to capture"):
        DataCapture(requests=False, responses=False)
