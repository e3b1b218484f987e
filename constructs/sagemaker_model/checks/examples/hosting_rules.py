"""Examples for the rules about the host."""

from __future__ import annotations

from typing import cast

from aws_cdk import Stack
from aws_cdk import aws_kms as kms

from sagemaker_model import Container, ContainerImages, InferenceAmi, RealTime, SageMakerModel
from sagemaker_model.checks.examples.parts import MODEL, a_container


def inference_ami_unknown(stack: Stack) -> None:
    hosting = RealTime(inference_ami_version="al2023-ami-sagemaker-inference-gpu-4-l")
    SageMakerModel(stack, "Model", model=a_container(), hosting=hosting)


def inference_ami_cuda(stack: Stack) -> None:
    tgi = Container(
        model_id=MODEL,
        instance_type="ml.g5.2xlarge",
        container=ContainerImages.HF_PYTORCH_LLM_TGI_INFERENCE_LATEST,
    )
    hosting = RealTime(inference_ami_version=InferenceAmi.GPU_4_1)
    SageMakerModel(stack, "Model", model=tgi, hosting=hosting)


def inference_ami_old(stack: Stack) -> None:
    hosting = RealTime(inference_ami_version=InferenceAmi.GPU_3_1)
    SageMakerModel(stack, "Model", model=a_container(), hosting=hosting)


def inference_ami_blackwell(stack: Stack) -> None:
    tgi = Container(
        model_id=MODEL,
        instance_type="ml.g7e.2xlarge",
        container=ContainerImages.HF_PYTORCH_LLM_TGI_INFERENCE_LATEST,
    )
    SageMakerModel(stack, "Model", model=tgi)


def inference_ami_unsaid(stack: Stack) -> None:
    own = Container(
        model_id=MODEL,
        instance_type="ml.g5.2xlarge",
        container="123456789012.dkr.ecr.us-east-1.amazonaws.com/my-server:1.0.0",
    )
    SageMakerModel(stack, "Model", model=own)


def volume_size_on_local_nvme(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_container(), hosting=RealTime(volume_size_gib=100))


def encryption_key_on_local_nvme(stack: Stack) -> None:
    key = cast("kms.IKey", kms.Key(stack, "Key"))
    SageMakerModel(stack, "Model", model=a_container(), encryption_key=key)


def instance_pool_unlike(stack: Stack) -> None:
    hosting = RealTime(instance_pools=["ml.g5.12xlarge"])
    SageMakerModel(stack, "Model", model=a_container(), hosting=hosting)
