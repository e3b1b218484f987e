"""Models of the least that a test wants to say."""

from sagemaker_model import (
    Container,
    ContainerImages,
)

COMMIT = "a09a35458c702b33eeacc393d103063234e8bc28"
KINDS = ["AWS::SageMaker::Model", "AWS::SageMaker::EndpointConfig", "AWS::SageMaker::Endpoint"]


def container(instance_type: str = "ml.g5.2xlarge", **env: str) -> Container:
    return Container(
        model_id="org/name", instance_type=instance_type, revision=COMMIT, env=env or None
    )


def cpu_container() -> Container:
    return Container(
        model_id="org/name",
        instance_type="ml.m5.xlarge",
        revision=COMMIT,
        container=ContainerImages.HF_PYTORCH_INFERENCE_CPU_LATEST,
    )
