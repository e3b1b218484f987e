"""An image of your own, built from a serving image: say what serves in it, and options work."""

from aws_cdk import App, Stack
from aws_cdk import aws_ecr as ecr
from constructs import Construct

from sagemaker_model import (
    Container,
    ContainerImage,
    InferenceAmi,
    InstanceType,
    RealTime,
    SageMakerModel,
    ServingOptions,
)


def build(scope: Construct) -> Stack:
    """Serve by a vLLM with patches of your own, on the host that fits its CUDA 13."""
    stack = Stack(scope, "OwnImage")
    repository = ecr.Repository.from_repository_name(stack, "Repository", "serving/vllm")
    container = Container(
        model_id="Qwen/Qwen2.5-7B-Instruct",
        revision="a09a35458c702b33eeacc393d103063234e8bc28",
        instance_type=InstanceType.ML_G6E_2XLARGE,
        container=ContainerImage.from_ecr_repository(repository, "1.4.2", engine="vllm"),
        serving=ServingOptions(max_total_tokens=16384),
    )
    hosting = RealTime(inference_ami_version=InferenceAmi.GPU_4_1)
    SageMakerModel(stack, "Model", model=container, hosting=hosting)
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
