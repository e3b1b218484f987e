"""Sentence embeddings that cost nothing while nobody asks for them."""

from aws_cdk import Acknowledgment, App, Stack, Validations
from aws_cdk import aws_kms as kms
from constructs import Construct

from sagemaker_model import (
    ArtifactStore,
    CustomInference,
    InstanceType,
    ReadyHandlers,
    SageMakerModel,
    Serverless,
)

PACKS = ("HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321")


def make_store(scope: Construct, key: kms.IKey) -> ArtifactStore:
    """Keep weights in a stack of their own, so that they outlive the endpoint's."""
    store = ArtifactStore(scope, "Store", encryption_key=key)
    reason = "A bucket for access logs is yours to choose: server_access_logs_bucket."
    for rule in ("AwsSolutions-S1", *(f"{pack}-S3BucketLoggingEnabled" for pack in PACKS)):
        Validations.of(store).acknowledge(Acknowledgment(id=rule, reason=reason))
    return store


def build(scope: Construct) -> Stack:
    """Serve MiniLM without instances, from one archive, as serverless hosting wants it."""
    weights = Stack(scope, "Weights")
    key = kms.Key(weights, "Key", enable_key_rotation=True)
    stack = Stack(scope, "Serverless")
    model = CustomInference(
        model_id="sentence-transformers/all-MiniLM-L6-v2",
        revision="c9745ed1d9f207416be6d2e6f8de32d1f16199bf",
        instance_type=InstanceType.ML_M5_LARGE,  # a CPU's, so that an image for one is chosen
        code_folder=ReadyHandlers.EMBEDDINGS,
        archive=True,
        store=make_store(weights, key),
    )
    hosting = Serverless(memory_mb=3072, max_concurrency=10)
    SageMakerModel(stack, "Model", model=model, hosting=hosting, encryption_key=key)
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
