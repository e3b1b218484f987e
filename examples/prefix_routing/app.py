"""Requests that begin alike meet a warm cache: they go to one instance while it can take them."""

from aws_cdk import App, Stack
from constructs import Construct

from sagemaker_model import (
    Container,
    ContainerImages,
    InstanceType,
    RealTime,
    SageMakerModel,
    Weights,
)


def build(scope: Construct) -> Stack:
    """Serve Qwen2.5-7B-Instruct on three A10G to callers who share long system prompts."""
    stack = Stack(scope, "Prefixes")
    container = Container(
        model_id="Qwen/Qwen2.5-7B-Instruct",
        instance_type=InstanceType.ML_G5_2XLARGE,
        container=ContainerImages.HF_VLLM_LATEST,
        weights=Weights.from_s3("s3://my-company-models/qwen2.5-7b/"),
    )
    hosting = RealTime(
        initial_instance_count=3,
        routing="PREFIX_AWARE",
        routing_prefix_length=8192,
        routing_concurrency_threshold=16,
    )
    SageMakerModel(stack, "Model", model=container, hosting=hosting)
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
