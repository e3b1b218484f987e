"""An endpoint is described from all that AWS tells of it, each part by itself."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.response import StreamingBody

from fakes.stubbed_aws import StubbedAws
from sagemaker_model.cli.endpoint_summary import endpoint_lines
from sagemaker_model.cost.estimate import estimate
from sagemaker_model.cost.fleet import Billing
from sagemaker_model.cost.prices import Price, Prices
from sagemaker_model.deployed.fleets import fleets_of
from sagemaker_model.deployed.read import read_endpoint
from sagemaker_model.image.table import records

NOW = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
ARN = "arn:aws:sagemaker:us-east-1:123456789012:"
ROLE = "arn:aws:iam::123456789012:role/serve"
LMI = next(record for record in records() if record.family == "djl-lmi")
IMAGE = f"763104351884.dkr.ecr.us-east-1.amazonaws.com/{LMI.name}"
COMMIT = "a" * 40
TIMES = {"CreationTime": NOW, "LastModifiedTime": NOW}
WEIGHTS = "s3://store/Chat/c8/aa/"
ROLL_OUT = {
    "RollingUpdatePolicy": {
        "MaximumBatchSize": {"Type": "INSTANCE_COUNT", "Value": 1},
        "WaitIntervalInSeconds": 300,
    },
    "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "chat-errors"}]},
}


@pytest.fixture
def aws() -> StubbedAws:
    return StubbedAws()


def has_endpoint(aws: StubbedAws, **more: Any) -> None:
    now = {"VariantName": "AllTraffic", "CurrentInstanceCount": 1, "DesiredInstanceCount": 2}
    told = {
        "EndpointName": "Chat",
        "EndpointArn": f"{ARN}endpoint/chat",
        "EndpointConfigName": "Config-1",
        "EndpointStatus": "InService",
        "ProductionVariants": [now],
        **TIMES,
        **more,
    }
    aws.let("sagemaker", "describe_endpoint", told)


def has_config(aws: StubbedAws, *variants: Mapping[str, Any], **more: Any) -> None:
    told = {
        "EndpointConfigName": "Config-1",
        "EndpointConfigArn": f"{ARN}endpoint-config/config-1",
        "ProductionVariants": [*variants],
        "CreationTime": NOW,
        **more,
    }
    aws.let("sagemaker", "describe_endpoint_config", told)


def has_model(aws: StubbedAws, container: Mapping[str, Any], **more: Any) -> None:
    told = {
        "ModelName": "Model-1",
        "ModelArn": f"{ARN}model/model-1",
        "ExecutionRoleArn": ROLE,
        "PrimaryContainer": container,
        "CreationTime": NOW,
        **more,
    }
    aws.let("sagemaker", "describe_model", told)


def has_manifest(aws: StubbedAws) -> None:
    models = [{"model_id": "org/name", "revision": "main", "commit": COMMIT}]
    body = json.dumps({"version": 1, "models": models, "files": []}).encode()
    told = {"Body": StreamingBody(io.BytesIO(body), len(body))}
    place = {"Bucket": "store", "Key": "Chat/c8/aa.manifest.json"}
    aws.let("s3", "get_object", told, expected=place)


def has_components(aws: StubbedAws, *names: str) -> None:
    told = [
        {
            "InferenceComponentName": name,
            "InferenceComponentArn": f"{ARN}inference-component/{name}",
            "EndpointName": "Chat",
            "EndpointArn": f"{ARN}endpoint/chat",
            "VariantName": "AllTraffic",
            **TIMES,
        }
        for name in names
    ]
    aws.let("sagemaker", "list_inference_components", {"InferenceComponents": told})


def has_scaling(aws: StubbedAws) -> None:
    of = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": "endpoint/Chat/variant/AllTraffic",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
        "CreationTime": NOW,
    }
    target = {**of, "MinCapacity": 1, "MaxCapacity": 4, "RoleARN": ROLE}
    aws.let("application-autoscaling", "describe_scalable_targets", {"ScalableTargets": [target]})
    metric = {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
    policy = {
        **of,
        "PolicyARN": f"{ARN}policy",
        "PolicyName": "follow",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {
            "TargetValue": 70.0,
            "PredefinedMetricSpecification": metric,
        },
    }
    aws.let("application-autoscaling", "describe_scaling_policies", {"ScalingPolicies": [policy]})


def has_no_scaling(aws: StubbedAws) -> None:
    aws.let("application-autoscaling", "describe_scalable_targets", {"ScalableTargets": []})


def has_tags(aws: StubbedAws, **tags: str) -> None:
    told = [{"Key": key.replace("_", ":"), "Value": value} for key, value in tags.items()]
    aws.let("sagemaker", "list_tags", {"Tags": told})


INSTANCES = {
    "VariantName": "AllTraffic",
    "ModelName": "Model-1",
    "InstanceType": "ml.g5.2xlarge",
    "InferenceAmiVersion": "al2-ami-sagemaker-inference-gpu-3-1",
}
STAGED = {
    "Image": IMAGE,
    "Environment": {"HF_MODEL_ID": "/opt/ml/model"},
    "ModelDataSource": {
        "S3DataSource": {"S3Uri": WEIGHTS, "S3DataType": "S3Prefix", "CompressionType": "None"}
    },
}


@pytest.fixture
def described(aws: StubbedAws) -> StubbedAws:
    """An endpoint with all that one may have but components."""
    has_endpoint(aws, LastDeploymentConfig=ROLL_OUT, FailureReason="the update was rolled back")
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 10,
        "DestinationS3Uri": "s3://captured/",
        "CaptureOptions": [{"CaptureMode": "Input"}],
    }
    has_config(aws, INSTANCES, DataCaptureConfig=capture)
    network = {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1", "subnet-2"]}
    has_model(aws, STAGED, VpcConfig=network, EnableNetworkIsolation=True)
    has_manifest(aws)
    has_components(aws)
    has_scaling(aws)
    alarms = {"MetricAlarms": [{"AlarmName": "chat-errors", "StateValue": "OK"}]}
    aws.let("cloudwatch", "describe_alarms", alarms)
    aws.let(
        "sagemaker",
        "list_tags",
        {"Tags": [{"Key": "aws:cloudformation:stack-name", "Value": "Chat"}]},
    )
    return aws


def test_all_that_is_known_of_an_endpoint_is_shown(described: StubbedAws) -> None:
    shown = list(endpoint_lines(read_endpoint(described, "Chat")))

    assert shown == [
        "Chat  InService",
        "  failed     the update was rolled back",
        "  stack      Chat",
        "  created    2026-01-01 12:00",
        "  changed    2026-01-01 12:00, to the configuration Config-1",
        "  roll-out   rolling, 1 instances at a time",
        "  alarms     chat-errors (OK)",
        "  capture    10 % to s3://captured/",
        "  variant    AllTraffic: 1 of 2 x ml.g5.2xlarge, host image "
        "al2-ami-sagemaker-inference-gpu-3-1",
        "  model      org/name",
        f"  engine     lmi {LMI.version}",
        f"  image      {IMAGE}",
        f"  weights    {WEIGHTS}",
        f"  staged     org/name@{COMMIT}",
        "  network    isolated, subnet-1, subnet-2",
        "  scaling    AllTraffic: 1 to 4, by SageMakerVariantInvocationsPerInstance at 70",
    ]
    described.all_was_asked()


def test_its_cost_is_that_of_the_instances_that_run(described: StubbedAws) -> None:
    (fleet,) = fleets_of(read_endpoint(described, "Chat"))
    price = Price(Decimal("1.5"), NOW.date())

    told = estimate(fleet, Prices({("us-east-1", "ml.g5.2xlarge", Billing.HOSTING): price}))

    assert (told.hourly, told.most) == (Decimal("1.5"), Decimal("6.0"))


def test_a_component_has_copies_and_a_model_of_its_own(aws: StubbedAws) -> None:
    has_endpoint(aws)
    has_config(aws, {"VariantName": "AllTraffic", "InstanceType": "ml.g5.2xlarge"})
    has_components(aws, "small")
    container = {"DeployedImage": {"SpecifiedImage": IMAGE}, "Environment": {"HF_MODEL_ID": "a/b"}}
    component = {
        "InferenceComponentName": "small",
        "InferenceComponentArn": f"{ARN}inference-component/small",
        "EndpointName": "Chat",
        "EndpointArn": f"{ARN}endpoint/chat",
        "InferenceComponentStatus": "Failed",
        "FailureReason": "too little memory",
        "Specification": {"Container": container},
        "RuntimeConfig": {"CurrentCopyCount": 0, "DesiredCopyCount": 2},
        **TIMES,
    }
    aws.let("sagemaker", "describe_inference_component", component)
    has_no_scaling(aws)
    has_tags(aws)

    shown = list(endpoint_lines(read_endpoint(aws, "Chat")))

    assert shown[4:] == [
        "  component  small: Failed, 0 of 2 copies",
        "  failed     too little memory",
        "  model      a/b",
        f"  engine     lmi {LMI.version}",
        f"  image      {IMAGE}",
    ]


def test_a_serverless_asynchronous_or_shadow_variant_is_told_so(aws: StubbedAws) -> None:
    has_endpoint(aws)
    serverless = {"MemorySizeInMB": 3072, "MaxConcurrency": 5}
    has_config(
        aws,
        {"VariantName": "AllTraffic", "ModelName": "Model-1", "ServerlessConfig": serverless},
        ShadowProductionVariants=[{**INSTANCES, "VariantName": "Shadow"}],
        AsyncInferenceConfig={"OutputConfig": {"S3OutputPath": "s3://answers/"}},
    )
    package = f"{ARN}model-package/llama"
    has_model(aws, {"ModelPackageName": package})
    has_model(aws, {"Image": "own:1", "ModelDataUrl": "s3://b/model.tar.gz"})
    aws.let("s3", "get_object", "NoSuchKey")
    has_components(aws)
    has_no_scaling(aws)
    has_tags(aws)

    shown = list(endpoint_lines(read_endpoint(aws, "Chat")))

    assert "  answers    s3://answers/" in shown
    assert "  variant    AllTraffic: serverless, 3072 MB, 5 at once" in shown
    assert f"  package    {package}" in shown
    assert any(line.startswith("  shadow     Shadow: ? x ml.g5.2xlarge") for line in shown)
    assert "  engine     an engine that is not known" in shown


def test_what_may_not_be_read_is_named_and_spoils_nothing(aws: StubbedAws) -> None:
    has_endpoint(aws)
    has_config(aws, INSTANCES)
    aws.let("sagemaker", "describe_model", "AccessDeniedException")
    aws.let("sagemaker", "list_inference_components", "AccessDeniedException")
    aws.let("application-autoscaling", "describe_scalable_targets", "AccessDeniedException")
    aws.let("sagemaker", "list_tags", "AccessDeniedException")

    found = read_endpoint(aws, "Chat")

    assert found.variants[0].instances == 1
    parts = [part.partition(":")[0] for part in found.unread]
    assert parts == ["the model Model-1", "inference components", "scaling", "tags"]


def test_a_configuration_that_may_not_be_read_leaves_the_status(aws: StubbedAws) -> None:
    has_endpoint(aws)
    aws.let("sagemaker", "describe_endpoint_config", "AccessDeniedException")
    has_components(aws)
    has_tags(aws)

    found = read_endpoint(aws, "Chat")

    assert (found.status, found.variants) == ("InService", ())


def test_an_endpoint_that_may_not_be_read_at_all_is_a_mistake(aws: StubbedAws) -> None:
    aws.let("sagemaker", "describe_endpoint", "AccessDeniedException")

    with pytest.raises(ClientError):
        read_endpoint(aws, "Chat")
