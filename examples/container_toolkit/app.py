"""A transformers pipeline in the Hugging Face toolkit, on a CPU with an encrypted volume."""

from aws_cdk import App, Stack
from aws_cdk import aws_kms as kms
from constructs import Construct

from sagemaker_model import Container, ContainerImages, InstanceType, SageMakerModel


def build(scope: Construct) -> Stack:
    """Serve MiniLM's token features; the task is the toolkit's own variable."""
    stack = Stack(scope, "MiniLM")
    container = Container(
        model_id="sentence-transformers/all-MiniLM-L6-v2",
        revision="c9745ed1d9f207416be6d2e6f8de32d1f16199bf",
        instance_type=InstanceType.ML_M5_XLARGE,
        container=ContainerImages.HF_PYTORCH_INFERENCE_CPU_LATEST,
        env={"HF_TASK": "feature-extraction"},
    )
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    SageMakerModel(stack, "Model", model=container, encryption_key=key)
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
