"""A model and an image that a lock file fixes: the same is deployed whatever day it is."""

from pathlib import Path

from aws_cdk import App, Stack
from aws_cdk import aws_kms as kms
from constructs import Construct

from sagemaker_model import Container, ContainerImages, InstanceType, SageMakerModel

HERE = Path(__file__).parent


def build(scope: Construct) -> Stack:
    """Serve all-MiniLM-L6-v2 at the commit that is locked, with no revision in the code.

    ``sagemaker-model lock --assembly cdk.out`` writes such a file; this one leaves out the list
    of the model's files, which only a build that stages them compares.
    """
    stack = Stack(scope, "Locked")
    container = Container(
        model_id="sentence-transformers/all-MiniLM-L6-v2",
        instance_type=InstanceType.ML_M5_XLARGE,
        container=ContainerImages.HF_PYTORCH_INFERENCE_CPU_LATEST,
        env={"HF_TASK": "feature-extraction"},
    )
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    lock = HERE / "models.lock.json"
    SageMakerModel(stack, "Model", model=container, encryption_key=key, lock=lock)
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
