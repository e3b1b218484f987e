"""A Hugging Face model with inference code of your own, its weights in a store that stays."""

from pathlib import Path

from aws_cdk import Acknowledgment, App, Stack, Validations
from aws_cdk import aws_kms as kms
from constructs import Construct

from sagemaker_model import ArtifactStore, CustomInference, InstanceType, SageMakerModel

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
    """Serve MiniLM by the code beside this file; a build brings both to S3."""
    store = make_store(scope)
    stack = Stack(scope, "Custom")
    model = CustomInference(
        model_id="sentence-transformers/all-MiniLM-L6-v2",
        revision="c9745ed1d9f207416be6d2e6f8de32d1f16199bf",
        instance_type=InstanceType.ML_G4DN_XLARGE,
        code_folder=Path(__file__).with_name("code"),
        store=store,
    )
    SageMakerModel(stack, "Model", model=model)
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
