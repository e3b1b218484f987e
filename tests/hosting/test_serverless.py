"""Serverless hosting: what it renders, and a clear word about all that it excludes."""

from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Match, Template

from construct.models import container, cpu_container
from sagemaker_model import (
    Container,
    ContainerImages,
    CustomInference,
    ModelPackage,
    SageMakerModel,
    Serverless,
    Weights,
)
from sagemaker_model.deployment.deployment import Deployment

PACKAGE = "arn:aws:sagemaker:us-east-1:865070037744:model-package/name"
CONFIG = "AWS::SageMaker::EndpointConfig"
SMALL = Serverless(memory_mb=2048)


def errors(app: App) -> str:
    with pytest.raises(RuntimeError) as failure:
        app.synth()
    return str(failure.value)


def from_s3(uri: str) -> Container:
    return Container(
        model_id="org/name",
        instance_type="ml.m5.xlarge",
        container=ContainerImages.HF_PYTORCH_INFERENCE_CPU_LATEST,
        weights=Weights.from_s3(uri),
    )


def code(tmp_path: Path, *, archive: bool) -> CustomInference:
    (tmp_path / "inference.py").write_text("def predict_fn(data, model):\n    return data\n")
    return CustomInference(
        model_id="org/name",
        instance_type="ml.m5.xlarge",
        code_folder=tmp_path,
        archive=archive,
    )


def test_a_variant_has_memory_and_concurrency_and_no_instances(app: App, stack: Stack) -> None:
    hosting = Serverless(memory_mb=4096, max_concurrency=20, provisioned_concurrency=2)

    SageMakerModel(stack, "Model", model=cpu_container(), hosting=hosting)

    app.synth()
    (config,) = Template.from_stack(stack).find_resources(CONFIG).values()
    (variant,) = config["Properties"]["ProductionVariants"]
    assert variant.pop("ModelName")
    assert variant == {
        "VariantName": "AllTraffic",
        "InitialVariantWeight": 1,
        "ServerlessConfig": {
            "MemorySizeInMB": 4096,
            "MaxConcurrency": 20,
            "ProvisionedConcurrency": 2,
        },
    }


def test_a_key_is_used_whatever_storage_the_instance_type_has(stack: Stack) -> None:
    model = Container(
        model_id="org/name",
        instance_type="ml.m5d.large",
        container=ContainerImages.HF_PYTORCH_INFERENCE_CPU_LATEST,
    )

    SageMakerModel(stack, "Model", model=model, hosting=SMALL, encryption_key=kms.Key(stack, "Key"))

    Template.from_stack(stack).has_resource_properties(CONFIG, {"KmsKeyId": Match.any_value()})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"memory_mb": 1000}, "memory_mb must be one of 1024, 2048, 3072, 4096, 5120, 6144"),
        ({"memory_mb": 1024, "max_concurrency": 201}, "max_concurrency must be between 1 and 200"),
        (
            {"memory_mb": 1024, "max_concurrency": 4, "provisioned_concurrency": 5},
            "provisioned_concurrency must be between 1 and 4, got 5",
        ),
    ],
    ids=str,
)
def test_a_number_that_sagemaker_refuses_is_refused(
    arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Serverless(**arguments)


@pytest.mark.parametrize(
    ("model", "rule"),
    [
        (container(), "serverless-accelerator"),
        (from_s3("s3://bucket/prefix/"), "serverless-model-data"),
        (
            ModelPackage(model_id="m", instance_type="ml.m5.large", packages=PACKAGE),
            "serverless-model-package",
        ),
    ],
    ids=["GPU", "prefix", "package"],
)
def test_what_serverless_excludes_is_an_error(
    app: App, stack: Stack, model: Deployment, rule: str
) -> None:
    SageMakerModel(stack, "Model", model=model, hosting=SMALL)

    assert f"[sagemaker-model:{rule}]" in errors(app)


def test_a_vpc_and_network_isolation_are_errors(app: App, stack: Stack) -> None:
    vpc = ec2.Vpc(stack, "Vpc", availability_zones=["us-east-1a", "us-east-1b"])

    SageMakerModel(
        stack, "Model", model=cpu_container(), hosting=SMALL, vpc=vpc, network_isolation=True
    )

    text = errors(app)
    assert "[sagemaker-model:serverless-vpc]" in text
    assert "[sagemaker-model:serverless-network-isolation]" in text


def test_an_archive_is_served(app: App, stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=from_s3("s3://bucket/model.tar.gz"), hosting=SMALL)

    app.synth()


def test_inference_code_is_served_from_an_archive(app: App, stack: Stack, tmp_path: Path) -> None:
    SageMakerModel(stack, "Model", model=code(tmp_path, archive=True), hosting=SMALL)

    app.synth()


def test_inference_code_below_a_prefix_is_told_to_ask_for_an_archive(
    app: App, stack: Stack, tmp_path: Path
) -> None:
    SageMakerModel(stack, "Model", model=code(tmp_path, archive=False), hosting=SMALL)

    assert "fix: archive=True with CustomInference" in errors(app)


def test_alarms_can_not_roll_it_back(stack: Stack) -> None:
    model = SageMakerModel(stack, "Model", model=cpu_container(), hosting=SMALL)
    alarm = model.metric_invocation_5xx_errors().create_alarm(
        stack, "Errors", threshold=1, evaluation_periods=1
    )

    with pytest.raises(ValueError, match="roll_back_on can't be used with Serverless"):
        model.roll_back_on(alarm)


def test_the_provisioned_concurrency_is_scaled(app: App, stack: Stack) -> None:
    hosting = Serverless(memory_mb=2048, max_concurrency=10, provisioned_concurrency=1)
    model = SageMakerModel(stack, "Model", model=cpu_container(), hosting=hosting)

    model.auto_scale(max_capacity=10).scale_on_utilization(0.7)

    app.synth()
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::ApplicationAutoScaling::ScalableTarget",
        {"ScalableDimension": "sagemaker:variant:DesiredProvisionedConcurrency"},
    )
    metric = {"PredefinedMetricType": "SageMakerVariantProvisionedConcurrencyUtilization"}
    template.has_resource_properties(
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        {
            "TargetTrackingScalingPolicyConfiguration": {
                "PredefinedMetricSpecification": metric,
                "TargetValue": 0.7,
            }
        },
    )
    template.has_resource_properties(
        "AWS::SageMaker::Endpoint", {"RetainAllVariantProperties": Match.absent()}
    )


def test_scaling_what_is_not_provisioned_or_beyond_the_maximum_is_refused(stack: Stack) -> None:
    unprovisioned = SageMakerModel(stack, "A", model=cpu_container(), hosting=SMALL)
    hosting = Serverless(memory_mb=2048, max_concurrency=4, provisioned_concurrency=1)
    provisioned = SageMakerModel(stack, "B", model=cpu_container(), hosting=hosting)

    with pytest.raises(ValueError, match="give provisioned_concurrency="):
        unprovisioned.auto_scale(max_capacity=2)
    with pytest.raises(ValueError, match="max_capacity must be between 1 and 4, got 5"):
        provisioned.auto_scale(max_capacity=5)


@pytest.mark.parametrize("utilization", [0, 1.1, 70])
def test_a_share_that_is_none_is_refused(stack: Stack, utilization: float) -> None:
    hosting = Serverless(memory_mb=2048, provisioned_concurrency=1)
    scaling = SageMakerModel(stack, "Model", model=cpu_container(), hosting=hosting).auto_scale(
        max_capacity=2
    )

    with pytest.raises(ValueError, match="utilization must be above 0 and at most 1"):
        scaling.scale_on_utilization(utilization)
