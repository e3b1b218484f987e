"""GPUs that were reserved: an endpoint that starts in a capacity reservation, and nowhere else."""

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

RESERVATION = "arn:aws:sagemaker:us-east-1:123456789012:training-plan/large-models"


def build(scope: Construct) -> Stack:
    """Serve a model on eight reserved H100."""
    stack = Stack(scope, "Reserved")
    container = Container(
        model_id="Qwen/Qwen2.5-72B-Instruct",
        instance_type=InstanceType.ML_P5_48XLARGE,
        container=ContainerImages.HF_VLLM_LATEST,
        weights=Weights.from_s3("s3://my-company-models/qwen2.5-72b/"),
    )
    SageMakerModel(
        stack,
        "Model",
        model=container,
        hosting=RealTime(capacity_reservation_arn=RESERVATION),
    )
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
