"""Synthesize one app and exit: what benchmarks/synth.py measures, a process for each case.

    python benchmarks/synth_case.py ours 100 cdk.out

The three apps describe the same endpoints: a Hugging Face model in the same container on the
same instance type. ``l1`` writes the same resources as ``ours`` by hand; ``rival`` makes its own;
``tested`` is ``ours`` with the smoke test that it has by default, and ``locked`` is ``ours`` with a
lock file, by which the model's fit is checked. What that says of the model are facts of its card.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import App, Environment, Stack

if TYPE_CHECKING:
    from sagemaker_model import Container

MODEL_ID = "Qwen/Qwen2.5-7B-Instruct"
REVISION = "a09a35458c702b33eeacc393d103063234e8bc28"
INSTANCE_TYPE = "ml.g5.2xlarge"
REPOSITORY = "huggingface-vllm"
TAG = "0.29.0-transformers5.15.0-gpu-py312-cu130-ubuntu24.04-v1.0"
ACCOUNT, REGION, REGISTRY = "123456789012", "us-east-1", "763104351884"
MODELS_PER_STACK = 50
LOCK = Path(__file__).with_name("models.lock.json")


def ours(stack: Stack, name: str) -> None:
    """Add one endpoint by this library, without a smoke test, as the others have none."""
    from sagemaker_model import SageMakerModel

    SageMakerModel(stack, name, model=container(), smoke_test=None)


def tested(stack: Stack, name: str) -> None:
    """Add one endpoint by this library, as it does by default."""
    from sagemaker_model import SageMakerModel

    SageMakerModel(stack, name, model=container())


def container() -> Container:
    """Return what both deploy."""
    from sagemaker_model import Container

    return Container(
        model_id=MODEL_ID,
        instance_type=INSTANCE_TYPE,
        container=f"{REPOSITORY}:{TAG}",
        revision=REVISION,
    )


def l1(stack: Stack, name: str) -> None:
    """Add the same resources by CloudFormation's own classes."""
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_sagemaker as sagemaker

    trust = {"Effect": "Allow", "Action": "sts:AssumeRole"}
    principal = {"Principal": {"Service": "sagemaker.amazonaws.com"}}
    source = {"Condition": {"StringEquals": {"aws:SourceAccount": token("ACCOUNT_ID")}}}
    role = iam.CfnRole(
        stack,
        f"{name}Role",
        assume_role_policy_document={
            "Version": "2012-10-17",
            "Statement": [{**trust, **principal, **source}],
        },
    )
    policy = iam.CfnPolicy(
        stack,
        f"{name}Policy",
        policy_name=f"{name}Policy",
        roles=[role.ref],
        policy_document={"Version": "2012-10-17", "Statement": statements()},
    )
    model = sagemaker.CfnModel(
        stack,
        f"{name}Model",
        execution_role_arn=role.attr_arn,
        primary_container=sagemaker.CfnModel.ContainerDefinitionProperty(
            image=f"{REGISTRY}.dkr.ecr.{REGION}.amazonaws.com/{REPOSITORY}:{TAG}",
            environment={
                "HF_MODEL_ID": MODEL_ID,
                "SM_VLLM_REVISION": REVISION,
                "SM_VLLM_TOKENIZER_REVISION": REVISION,
                "SM_VLLM_CODE_REVISION": REVISION,
                "SM_VLLM_TENSOR_PARALLEL_SIZE": "1",
            },
        ),
    )
    model.node.add_dependency(policy)
    config = sagemaker.CfnEndpointConfig(
        stack,
        f"{name}Config",
        production_variants=[
            sagemaker.CfnEndpointConfig.ProductionVariantProperty(
                variant_name="AllTraffic",
                model_name=model.attr_model_name,
                instance_type=INSTANCE_TYPE,
                initial_instance_count=1,
                initial_variant_weight=1,
                container_startup_health_check_timeout_in_seconds=1055,
                model_data_download_timeout_in_seconds=495,
                inference_ami_version="al2023-ami-sagemaker-inference-gpu-4-1",
            )
        ],
    )
    sagemaker.CfnEndpoint(
        stack, f"{name}Endpoint", endpoint_config_name=config.attr_endpoint_config_name
    )


@cache
def token(name: str) -> str:
    """Return a pseudo parameter, read once: each reading is a round trip to Node.js."""
    from aws_cdk import Aws

    value: str = getattr(Aws, name)
    return value


def statements() -> list[dict[str, object]]:
    """Return the same rights as the library gives."""
    partition = token("PARTITION")
    logs = f"arn:{partition}:logs:{REGION}:{token('ACCOUNT_ID')}:log-group"
    repository = f"arn:{partition}:ecr:{REGION}:{REGISTRY}:repository/{REPOSITORY}"
    return [
        {
            "Effect": "Allow",
            "Action": [
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:DescribeLogStreams",
                "logs:PutLogEvents",
            ],
            "Resource": f"{logs}:/aws/sagemaker/Endpoints/*",
        },
        {
            "Effect": "Allow",
            "Action": "cloudwatch:PutMetricData",
            "Resource": "*",
            "Condition": {
                "StringEquals": {
                    "cloudwatch:namespace": ["AWS/SageMaker", "/aws/sagemaker/Endpoints"]
                }
            },
        },
        {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"},
        {
            "Effect": "Allow",
            "Action": [
                "ecr:BatchCheckLayerAvailability",
                "ecr:BatchGetImage",
                "ecr:GetDownloadUrlForLayer",
            ],
            "Resource": repository,
        },
    ]


def rival(stack: Stack, name: str) -> None:
    """Add the same endpoint by cdklabs.generative-ai-cdk-constructs."""
    from cdklabs.generative_ai_cdk_constructs import (  # type: ignore[import-not-found]
        sagemaker_deployment as deployment,
    )

    image = deployment.DeepLearningContainerImage.from_deep_learning_container_image(
        REPOSITORY, TAG
    )
    deployment.HuggingFaceSageMakerEndpoint(
        stack,
        name,
        model_id=MODEL_ID,
        instance_type=deployment.SageMakerInstanceType.of(INSTANCE_TYPE),
        container=image,
        environment={"SM_VLLM_REVISION": REVISION},
    )


def main(library: str, models: int, output: str) -> None:
    """Synthesize an app with that many endpoints."""
    add = {"ours": ours, "locked": ours, "tested": tested, "l1": l1, "rival": rival}[library]
    context = {"sagemaker-model:lock": str(LOCK)} if library == "locked" else {}
    app = App(outdir=output, context=context)
    for first in range(0, models, MODELS_PER_STACK):
        env = Environment(account=ACCOUNT, region=REGION)
        stack = Stack(app, f"Stack{first // MODELS_PER_STACK}", env=env)
        for index in range(first, min(first + MODELS_PER_STACK, models)):
            add(stack, f"Model{index}")
    app.synth()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
