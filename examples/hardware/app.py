"""The smallest instance type of a Region that has what a model needs."""

from aws_cdk import App, Environment, Stack
from constructs import Construct

from sagemaker_model import Container, ContainerImages, Hardware, SageMakerModel, Weights


def build(scope: Construct) -> Stack:
    """Serve Qwen2.5-7B-Instruct on one GPU of 20 GiB or more, whichever the Region has."""
    stack = Stack(scope, "Sized", env=Environment(region="us-east-1"))
    container = Container(
        model_id="Qwen/Qwen2.5-7B-Instruct",
        instance_type=Hardware(gpu_memory_gib=20, memory_gib=30),
        container=ContainerImages.HF_VLLM_LATEST,
        weights=Weights.from_s3("s3://my-company-models/qwen2.5-7b/"),
    )
    SageMakerModel(stack, "Model", model=container)
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
