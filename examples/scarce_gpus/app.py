"""GPUs that are hard to get: another instance type where the first has no capacity."""

from aws_cdk import App, Duration, Stack
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
    """Serve Qwen2.5-7B-Instruct on an A10G, or on an L4 where none is to be had."""
    stack = Stack(scope, "Scarce")
    container = Container(
        model_id="Qwen/Qwen2.5-7B-Instruct",
        instance_type=InstanceType.ML_G5_2XLARGE,
        container=ContainerImages.HF_VLLM_LATEST,
        weights=Weights.from_s3("s3://my-company-models/qwen2.5-7b/"),
    )
    # Both have one GPU of 24 GB, so that what fits on one fits on the other.
    hosting = RealTime(
        instance_pools=[InstanceType.ML_G6_2XLARGE, InstanceType.ML_G5_4XLARGE],
        provision_timeout=Duration.minutes(10),
    )
    SageMakerModel(stack, "Model", model=container, hosting=hosting)
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
