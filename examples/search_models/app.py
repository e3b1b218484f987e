"""Embeddings and reranking on one endpoint: two models, and the handler that comes along."""

from aws_cdk import Acknowledgment, App, Stack, Validations
from aws_cdk import aws_kms as kms
from constructs import Construct

from sagemaker_model import (
    ArtifactStore,
    CustomInference,
    InstanceType,
    ReadyHandlers,
    SageMakerModel,
)

PACKS = ("HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321")


def make_store(scope: Construct) -> ArtifactStore:
    """Keep weights in a stack of their own, so that they outlive the endpoint's."""
    stack = Stack(scope, "Weights")
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    store = ArtifactStore(stack, "Store", encryption_key=key)
    reason = "A bucket for access logs is yours to choose: server_access_logs_bucket."
    for rule in ("AwsSolutions-S1", *(f"{pack}-S3BucketLoggingEnabled" for pack in PACKS)):
        Validations.of(store).acknowledge(Acknowledgment(id=rule, reason=reason))
    return store


def build(scope: Construct) -> Stack:
    """Stage both models in a folder each; a request names the one it means."""
    store = make_store(scope)
    stack = Stack(scope, "Search")
    model = CustomInference(
        model_id=[
            "sentence-transformers/all-MiniLM-L6-v2",
            "cross-encoder/ms-marco-MiniLM-L-6-v2",
        ],
        instance_type=InstanceType.ML_G4DN_XLARGE,
        code_folder=ReadyHandlers.EMBEDDINGS_AND_CROSS_ENCODER,
        store=store,
    )
    SageMakerModel(stack, "Model", model=model)
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
