"""A Hugging Face model in vLLM, pinned to a commit, with its context bounded."""

from aws_cdk import App, CfnOutput, Stack
from constructs import Construct

from sagemaker_model import (
    Container,
    ContainerImages,
    InstanceType,
    SageMakerModel,
    ServingOptions,
)


def build(scope: Construct) -> Stack:
    """Serve Qwen2.5-7B-Instruct, which needs no licence click, on one A10G."""
    stack = Stack(scope, "Qwen")
    container = Container(
        model_id="Qwen/Qwen2.5-7B-Instruct",
        revision="a09a35458c702b33eeacc393d103063234e8bc28",
        instance_type=InstanceType.ML_G5_2XLARGE,
        container=ContainerImages.HF_VLLM_LATEST,
        serving=ServingOptions(max_total_tokens=8192),
    )
    model = SageMakerModel(stack, "Model", model=container)
    CfnOutput(stack, "EndpointName", value=model.endpoint_name)
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
