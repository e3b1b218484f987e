"""Sentence embeddings by Text Embeddings Inference, whose images lie in a registry of their own."""

from aws_cdk import App, Stack
from constructs import Construct

from sagemaker_model import Container, ContainerImages, InstanceType, SageMakerModel, ServingOptions


def build(scope: Construct) -> Stack:
    """Serve MiniLM on one T4, with many requests at once."""
    stack = Stack(scope, "Embeddings")
    container = Container(
        model_id="sentence-transformers/all-MiniLM-L6-v2",
        revision="c9745ed1d9f207416be6d2e6f8de32d1f16199bf",
        instance_type=InstanceType.ML_G4DN_XLARGE,
        container=ContainerImages.TEI_LATEST,
        serving=ServingOptions(max_batch_size=512),
    )
    SageMakerModel(stack, "Model", model=container)
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
