"""A container that crashes: its core dumps, a shell in it, and metrics of each instance."""

from aws_cdk import App, Duration, Stack
from aws_cdk import aws_kms as kms
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
    """Serve MiniLM on a CPU where everything that helps to find a fault is switched on."""
    stack = Stack(scope, "Debugged")
    container = Container(
        model_id="sentence-transformers/all-MiniLM-L6-v2",
        instance_type=InstanceType.ML_M5_XLARGE,
        container=ContainerImages.HF_PYTORCH_INFERENCE_CPU_LATEST,
        weights=Weights.from_s3("s3://my-company-models/minilm/"),
        env={"HF_TASK": "feature-extraction"},
    )
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    hosting = RealTime(
        core_dump="s3://my-company-dumps/minilm",
        core_dump_key=key,
        # AWS Support must have admitted the account.
        ssm_access=True,
        enhanced_metrics=True,
        metric_frequency=Duration.seconds(10),
    )
    SageMakerModel(stack, "Model", model=container, hosting=hosting, encryption_key=key)
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
