"""A local AWS of this folder's tests, and a role that SageMaker may assume."""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from sagemaker_model.local.environment.parts import Prepared
from sagemaker_model.local.lifecycle import Wanted, down, up
from sagemaker_model.local.variables import variables

IMAGE = "763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-vllm:0.29.0-gpu"
Client = Callable[[str], Any]


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Return the variables of a local AWS that serves by stand-ins alone."""
    state = tmp_path_factory.mktemp("local-aws")
    python = Path(sys.executable)
    record = up(state, Wanted(), Prepared(python, python, state))
    yield variables(record)
    down(state)


@pytest.fixture(scope="session")
def client(aws: dict[str, str]) -> Client:
    """Return a function that makes a client of a service."""

    def make(service: str) -> Any:
        return boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=aws["AWS_ENDPOINT_URL"],
            region_name=aws["AWS_REGION"],
            aws_access_key_id=aws["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=aws["AWS_SECRET_ACCESS_KEY"],
        )

    return make


@pytest.fixture(scope="session")
def role(client: Client) -> str:
    """Return the ARN of a role that SageMaker may assume."""
    principal = {"Service": "sagemaker.amazonaws.com"}
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    made = client("iam").create_role(RoleName="serve", AssumeRolePolicyDocument=policy)
    return str(made["Role"]["Arn"])


@pytest.fixture
def sagemaker(client: Client) -> Any:
    """Return a client of SageMaker."""
    return client("sagemaker")


@pytest.fixture
def runtime(client: Client) -> Any:
    """Return a client of SageMaker's runtime."""
    return client("sagemaker-runtime")


@pytest.fixture
def deploy(sagemaker: Any, role: str, request: pytest.FixtureRequest) -> Callable[..., str]:
    """Return a function that makes model, configuration and endpoint of this test's name."""
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
