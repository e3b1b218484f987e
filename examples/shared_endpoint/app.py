"""Two models on the GPUs of one endpoint, each with its own copies, rights and metrics."""

from aws_cdk import App, Stack
from constructs import Construct

from sagemaker_model import (
    Container,
    ContainerImages,
    InferenceComponent,
    InstanceType,
    RealTime,
    SageMakerModel,
    SharedEndpoint,
    Weights,
)


def build(scope: Construct) -> Stack:
    """Serve a chat model on two GPUs of an instance, and a coder on the other two."""
    stack = Stack(scope, "Shared")
    endpoint = SharedEndpoint(
        stack,
        "Endpoint",
        instance_type=InstanceType.ML_G5_12XLARGE,
        max_instances=3,
        hosting=RealTime(routing="LEAST_OUTSTANDING_REQUESTS"),
    )
    for name, repository in (("Chat", "Qwen2.5-7B-Instruct"), ("Coder", "Qwen2.5-Coder-7B")):
        container = Container(
            model_id=f"Qwen/{repository}",
            instance_type=InstanceType.ML_G5_12XLARGE,
            container=ContainerImages.HF_VLLM_LATEST,
            weights=Weights.from_s3(f"s3://my-company-models/{repository.lower()}/"),
        )
        hosting = InferenceComponent(endpoint=endpoint, accelerators=2)
        model = SageMakerModel(stack, name, model=container, hosting=hosting)
        model.auto_scale(min_capacity=1, max_capacity=3).scale_on_concurrency(8)
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
