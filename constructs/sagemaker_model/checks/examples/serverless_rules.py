"""Examples for the rules about serverless hosting."""

from __future__ import annotations

from typing import cast

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2

from sagemaker_model import Container, ModelPackage, SageMakerModel, Serverless, Weights
from sagemaker_model.checks.examples.parts import MODEL, PACKAGE, a_container


def serverless_accelerator(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_container(), hosting=Serverless(memory_mb=6144))


def serverless_vpc(stack: Stack) -> None:
    vpc = cast("ec2.IVpc", ec2.Vpc(stack, "Vpc"))
    hosting = Serverless(memory_mb=6144)
    SageMakerModel(stack, "Model", model=a_container("ml.m5.xlarge"), hosting=hosting, vpc=vpc)


def serverless_network_isolation(stack: Stack) -> None:
    hosting = Serverless(memory_mb=6144)
    SageMakerModel(
        stack,
        "Model",
        model=a_container("ml.m5.xlarge"),
        hosting=hosting,
        network_isolation=True,
    )


def serverless_model_data(stack: Stack) -> None:
    prefix = Container(
        model_id=MODEL,
        instance_type="ml.m5.xlarge",
        weights=Weights.from_s3("s3://my-bucket/my-model/"),
    )
    SageMakerModel(stack, "Model", model=prefix, hosting=Serverless(memory_mb=6144))


def serverless_model_package(stack: Stack) -> None:
    package = ModelPackage(model_id="name", instance_type="ml.m5.xlarge", packages=PACKAGE)
    SageMakerModel(stack, "Model", model=package, hosting=Serverless(memory_mb=6144))


def serverless_memory(stack: Stack) -> None:
    hosting = Serverless(memory_mb=6144)
    SageMakerModel(stack, "Model", model=a_container("ml.m5.xlarge"), hosting=hosting)


def serverless_instance_type(stack: Stack) -> None:
    hosting = Serverless(memory_mb=6144)
    SageMakerModel(stack, "Model", model=a_container("ml.m5.xlarge"), hosting=hosting)
