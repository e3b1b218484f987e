"""A role that SageMaker may assume, and models that stand-ins answer for."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from local.live import LocalAws

IMAGE = "763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-vllm:0.29.0-gpu"


@pytest.fixture(scope="session")
def role(aws: LocalAws) -> str:
    """Return the ARN of a role that SageMaker may assume."""
    principal = {"Service": "sagemaker.amazonaws.com"}
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    made = aws.client("iam").create_role(RoleName="serve", AssumeRolePolicyDocument=policy)
    return str(made["Role"]["Arn"])


@pytest.fixture
def sagemaker(aws: LocalAws) -> Any:
    """Return a client of SageMaker."""
    return aws.client("sagemaker")


@pytest.fixture
def runtime(aws: LocalAws) -> Any:
    """Return a client of SageMaker's runtime."""
    return aws.client("sagemaker-runtime", attempts=1)


@pytest.fixture
def deploy(sagemaker: Any, role: str, request: pytest.FixtureRequest) -> Callable[..., str]:
    """Return a function that makes a model and a configuration of it, by one name."""
    name = f"m{zlib.crc32(request.node.name.encode()):08x}"
    made: list[str] = []

    def make(**container: object) -> str:
        part = f"{name}-{len(made)}"
        primary = {"Image": IMAGE, "Environment": {"SM_VLLM_MODEL": "org/name"}, **container}
        sagemaker.create_model(ModelName=part, ExecutionRoleArn=role, PrimaryContainer=primary)
        sagemaker.create_endpoint_config(
            EndpointConfigName=part, ProductionVariants=[variant(ModelName=part)]
        )
        made.append(part)
        return part

    return make


def variant(**more: object) -> dict[str, object]:
    """Return a variant on one GPU instance."""
    return {
        "VariantName": "AllTraffic",
        "InstanceType": "ml.g5.xlarge",
        "InitialInstanceCount": 1,
        **more,
    }


def settle(sagemaker: Any, name: str) -> dict[str, Any]:
    """Wait until an endpoint is no longer in between; return what is told of it."""
    sagemaker.get_waiter("endpoint_in_service").wait(
        EndpointName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    told: dict[str, Any] = sagemaker.describe_endpoint(EndpointName=name)
    return told
