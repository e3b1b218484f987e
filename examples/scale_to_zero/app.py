"""A model on a GPU that is there while it is used, and costs nothing while it is not."""

from aws_cdk import App, Stack
from constructs import Construct

from sagemaker_model import (
    Container,
    ContainerImages,
    InferenceComponent,
    InstanceType,
    SageMakerModel,
    SharedEndpoint,
    Weights,
)


def build(scope: Construct) -> Stack:
    """Serve Qwen2.5-7B-Instruct on zero to two A10G; a request that fails starts the first."""
    stack = Stack(scope, "Sleeping")
    endpoint = SharedEndpoint(
        stack,
        "Endpoint",
        instance_type=InstanceType.ML_G5_2XLARGE,
        min_instances=0,
        max_instances=2,
    )
    container = Container(
        model_id="Qwen/Qwen2.5-7B-Instruct",
        instance_type=InstanceType.ML_G5_2XLARGE,
        container=ContainerImages.HF_VLLM_LATEST,
        weights=Weights.from_s3("s3://my-company-models/qwen2.5-7b/"),
    )
    hosting = InferenceComponent(endpoint=endpoint)
    model = SageMakerModel(stack, "Model", model=container, hosting=hosting)
    model.auto_scale(min_capacity=0, max_capacity=2).scale_on_concurrency(8)
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
