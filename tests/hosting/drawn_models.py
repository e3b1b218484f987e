"""Deployments of any kind, and what surrounds them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aws_cdk import CfnParameter, RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from hypothesis import strategies as st

from hosting.drawn_hosting import Draw, rarely, some
from sagemaker_model import (
    Container,
    ContainerImages,
    CustomInference,
    Hardware,
    ModelPackage,
    ReadyHandlers,
    ServingOptions,
    Weights,
)
from sagemaker_model.deployment.deployment import Deployment

PACKAGE = "arn:aws:sagemaker:us-east-1:865070037744:model-package/name"
COMMIT = "a09a35458c702b33eeacc393d103063234e8bc28"
LOCAL_FOLDER = Path(__file__).parents[2] / "examples/local_folder/model"
UNKNOWN_TYPE = "ml.x99.large"
"""Passes with a warning, as types are added faster than tables; cfn-lint knows no such type."""
GPU_IMAGES = [
    ContainerImages.HF_PYTORCH_INFERENCE_LATEST,
    ContainerImages.HF_PYTORCH_LLM_TGI_INFERENCE_LATEST,
    ContainerImages.HF_VLLM_LATEST,
    ContainerImages.SGLANG_LATEST,
    ContainerImages.DJL_INFERENCE_LMI_LATEST,
]
CPU_IMAGES = [ContainerImages.HF_PYTORCH_INFERENCE_CPU_LATEST, ContainerImages.TEI_CPU_LATEST]
OTHER_IMAGES = [
    "123456789012.dkr.ecr.us-east-1.amazonaws.com/server:1.0",
    "registry.example.com/server:latest",
    "huggingface-pytorch-inference:no-such-tag",
]
IMAGES: dict[str, Sequence[Any]] = {
    "ml.g5.2xlarge": GPU_IMAGES,
    "ml.g5.12xlarge": GPU_IMAGES,
    "ml.m5.xlarge": CPU_IMAGES,
    "ml.t2.large": CPU_IMAGES,
    "ml.inf1.xlarge": OTHER_IMAGES,
    "ml.c7g.xlarge": OTHER_IMAGES,
    UNKNOWN_TYPE: GPU_IMAGES,
}
"""Instance types, with images that may run there."""
WEIGHTS = st.sampled_from(
    [
        Weights.from_hub(),
        Weights.staged(),
        Weights.staged(allow_patterns=["*.safetensors"]),
        Weights.from_s3("s3://bucket/prefix/"),
        Weights.from_s3("s3://bucket/model.tar.gz"),
        Weights.from_s3("s3://bucket/prefix/", accept_eula=True),
        Weights.from_directory(LOCAL_FOLDER),
        Weights.from_staged(f"s3://bucket/stack/address/{'0' * 32}.manifest.json"),
    ]
)
ENV = st.sampled_from(
    [{}, {"A": "1"}, {"SAGEMAKER_MODEL_SERVER_WORKERS": "2"}, {"MAX_TOTEL_TOKENS": "1"}, {"A": 1}]
)
SERVING = some(
    tensor_parallel_degree=st.sampled_from([1, 8]),
    max_total_tokens=st.just(4096),
    max_input_tokens=st.just(1024),
    dtype=st.just("float16"),
    trust_remote_code=st.booleans(),
)
CONTAINER = some(
    weights=WEIGHTS,
    env=ENV,
    revision=st.sampled_from([COMMIT, "main"]),
    hf_token=st.sampled_from(["hub-token", f"hf_{'a' * 34}"]),
    serving=SERVING.map(lambda given: ServingOptions(**given)),
)
CUSTOM = some(
    model_id=st.sampled_from(["org/name", ["org/one", "org/two"]]),
    weights=WEIGHTS,
    env=ENV,
    revision=st.sampled_from([COMMIT, "main"]),
    archive=st.booleans(),
    bundle_requirements=st.booleans(),
)
CANDIDATE = Container(
    model_id="org/candidate",
    instance_type="ml.g5.2xlarge",
    revision=COMMIT,
    weights=Weights.from_s3("s3://bucket/candidate/"),
)
FOLDERS = [ReadyHandlers.PIPELINE, ReadyHandlers.EMBEDDINGS]


def deployment(draw: Draw, stack: Stack) -> Deployment:
    instance_type: Any
    instance_type, image = _type_and_image(draw)
    if draw(rarely()):
        instance_type = Hardware(vcpus=4) if draw(st.booleans()) else Hardware(accelerator="A10G")
    elif draw(rarely()):
        instance_type = CfnParameter(stack, "Type").value_as_string
    kind = draw(st.sampled_from([ModelPackage, Container, Container, CustomInference]))
    if kind is ModelPackage:
        return ModelPackage(model_id="m", instance_type=instance_type, packages=PACKAGE)
    if kind is Container:
        return Container(
            model_id="org/name-7B",
            instance_type=instance_type,
            container=image,
            **draw(CONTAINER),
        )
    folder = "no/such/folder" if draw(rarely()) else draw(st.sampled_from(FOLDERS))
    models = {"model_id": "org/name", **draw(CUSTOM)}
    return CustomInference(instance_type=instance_type, code_folder=folder, **models)


def _type_and_image(draw: Draw) -> tuple[str, Any]:
    """Draw an image that suits the type, or now and then any."""
    instance_type = draw(st.sampled_from(list(IMAGES)))
    of = draw(st.sampled_from(list(IMAGES))) if draw(rarely()) else instance_type
    return instance_type, draw(st.sampled_from(IMAGES[of]))


def surroundings(draw: Draw, stack: Stack) -> dict[str, Any]:
    """Draw the other arguments of the construct."""
    return {
        **draw(
            some(
                endpoint_name=st.sampled_from(["Chat", "a" * 63, "chat-1", "-chat"]),
                network_isolation=st.booleans(),
                removal_policy=st.just(RemovalPolicy.RETAIN),
                region=st.sampled_from(["us-east-1", "eu-west-1"]),
                grant_permissions=st.booleans(),
            )
        ),
        **_made_in(draw, stack),
    }


def _made_in(draw: Draw, stack: Stack) -> dict[str, Any]:
    """Draw what belongs to the stack: a key, a role, a network."""
    given: dict[str, Any] = {}
    if draw(rarely()):
        given["encryption_key"] = kms.Key(stack, "Key")
    role = draw(st.sampled_from([None, None, "owned", "imported"]))
    if role == "owned":
        given["role"] = iam.Role(
            stack, "Role", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com")
        )
    elif role == "imported":
        given["role"] = iam.Role.from_role_arn(
            stack, "Role", "arn:aws:iam::123456789012:role/mine", mutable=draw(st.booleans())
        )
    network = draw(st.sampled_from([None, None, None, "private", "isolated"]))
    if network is not None:
        given["vpc"] = _vpc(stack, network)
    if network is not None and draw(st.booleans()):
        given["vpc_subnets"] = ec2.SubnetSelection(one_per_az=True)
    return given


def _vpc(stack: Stack, kind: str) -> ec2.IVpc:
    subnets: dict[str, Any] = {f"{kind}_subnet_ids": ["subnet-12345678", "subnet-23456789"]}
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-12345678",
        availability_zones=["us-east-1a", "us-east-1b"],
        **subnets,
    )
