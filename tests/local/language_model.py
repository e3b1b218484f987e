"""A small real language model behind endpoints of a local AWS, on this machine's CPU.

``make unit`` prepares it; without it, a test that asks for it is skipped.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.live import LocalAws, environments, local_aws, running_hub
from made_by_make import LANGUAGE_MODEL, llm_hub, llm_python

_REGISTRY = "763104351884.dkr.ecr.us-east-1.amazonaws.com"
_ROLE = "serves-language-models"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "sagemaker.amazonaws.com"},
        }
    ],
}


@contextmanager
def language_model_aws(state: Path) -> Iterator[LocalAws]:
    """Run a local AWS whose chats a real model answers, with the model on its Hub.

    Args:
        state: Folder of all that it keeps.
    """
    python = llm_python()
    with (
        running_hub(llm_hub()) as hub,
        local_aws(state, hub, environments(), llm_python=python) as aws,
    ):
        policy = json.dumps(_TRUST)
        aws.client("iam").create_role(RoleName=_ROLE, AssumeRolePolicyDocument=policy)
        yield aws


def create_chat_endpoint(aws: LocalAws, name: str) -> None:
    """Begin to make an endpoint whose chats ``transformers serve`` answers in vLLM's place."""
    environment = {"SM_VLLM_MODEL": LANGUAGE_MODEL}
    _create(aws, name, f"{_REGISTRY}/huggingface-vllm:0.29.0-gpu", environment)


def create_pipeline_endpoint(aws: LocalAws, name: str) -> None:
    """Begin to make an endpoint of the real toolkit's text-generation pipeline."""
    image = "huggingface-pytorch-inference:2.6.0-transformers4.51.3-cpu-py312-ubuntu22.04"
    environment = {"HF_MODEL_ID": LANGUAGE_MODEL, "HF_TASK": "text-generation"}
    _create(aws, name, f"{_REGISTRY}/{image}", environment)


def await_endpoint(aws: LocalAws, name: str) -> None:
    """Wait until an endpoint answers."""
    aws.client("sagemaker").get_waiter("endpoint_in_service").wait(
        EndpointName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 120}
    )


def _create(aws: LocalAws, name: str, image: str, environment: dict[str, str]) -> None:
    sagemaker = aws.client("sagemaker")
    sagemaker.create_model(
        ModelName=name,
        ExecutionRoleArn=f"arn:aws:iam::{aws.record.account}:role/{_ROLE}",
        PrimaryContainer={"Image": image, "Environment": environment},
    )
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": name,
        "InstanceType": "ml.g5.xlarge",
        "InitialInstanceCount": 1,
    }
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
