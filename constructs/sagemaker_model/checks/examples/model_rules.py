"""Examples for the rules about the model and its image."""

from __future__ import annotations

from typing import cast

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam

from sagemaker_model import (
    Container,
    ContainerImages,
    ModelPackage,
    SageMakerModel,
    ServingOptions,
    Weights,
)
from sagemaker_model.checks.examples.parts import MODEL, a_container


def hub_without_network(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_container(), network_isolation=True)


def s3_without_gateway(stack: Stack) -> None:
    inside = ec2.SubnetConfiguration(name="In", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    vpc = cast("ec2.IVpc", ec2.Vpc(stack, "Vpc", max_azs=2, subnet_configuration=[inside]))
    weights = Weights.from_s3("s3://my-company-models/qwen/")
    model = Container(model_id=MODEL, instance_type="ml.g5.2xlarge", weights=weights)
    SageMakerModel(stack, "Model", model=model, vpc=vpc)


def subnets_in_one_zone(stack: Stack) -> None:
    vpc = cast("ec2.IVpc", ec2.Vpc(stack, "Vpc", max_azs=1))
    SageMakerModel(stack, "Model", model=a_container(), vpc=vpc)


def serving_option_unsupported(stack: Stack) -> None:
    vllm = Container(
        model_id=MODEL,
        instance_type="ml.g5.2xlarge",
        container=ContainerImages.HF_VLLM_LATEST,
        serving=ServingOptions(max_input_tokens=1024),
    )
    SageMakerModel(stack, "Model", model=vllm)


def image_unknown(stack: Stack) -> None:
    registry = "763104351884.dkr.ecr.us-east-1.amazonaws.com"
    model = Container(
        model_id=MODEL,
        instance_type="ml.g5.2xlarge",
        container=f"{registry}/djl-inferense:0.36.0-lmi27.0.0-cu130",
    )
    SageMakerModel(stack, "Model", model=model)


def image_in_other_region(stack: Stack) -> None:
    model = Container(
        model_id=MODEL,
        instance_type="ml.g5.2xlarge",
        container="123456789012.dkr.ecr.eu-west-1.amazonaws.com/my-server:1.0.0",
    )
    SageMakerModel(stack, "Model", model=model)


def image_tag_moves(stack: Stack) -> None:
    model = Container(
        model_id=MODEL,
        instance_type="ml.g5.2xlarge",
        container="123456789012.dkr.ecr.us-east-1.amazonaws.com/my-server:latest",
    )
    SageMakerModel(stack, "Model", model=model)


def engine_in_maintenance(stack: Stack) -> None:
    tgi = Container(
        model_id=MODEL,
        instance_type="ml.g5.2xlarge",
        container=ContainerImages.HF_PYTORCH_LLM_TGI_INFERENCE_LATEST,
    )
    SageMakerModel(stack, "Model", model=tgi)


def package_of_your_own(stack: Stack) -> None:
    own = ModelPackage(
        model_id="my-model",
        instance_type="ml.g5.2xlarge",
        packages="arn:aws:sagemaker:us-east-1:123456789012:model-package/my-group/3",
    )
    SageMakerModel(stack, "Model", model=own)


def removal_policy_unused(stack: Stack) -> None:
    policy = RemovalPolicy.RETAIN
    SageMakerModel(stack, "Model", model=a_container(), removal_policy=policy)


def role_needs_permissions(stack: Stack) -> None:
    role = iam.Role.from_role_arn(stack, "Role", "arn:aws:iam::123456789012:role/server")
    SageMakerModel(stack, "Model", model=a_container(), role=role, grant_permissions=False)
