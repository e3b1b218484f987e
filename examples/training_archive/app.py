"""What a training job wrote, joined with inference code inside S3, as one archive."""

from aws_cdk import Acknowledgment, App, Stack, Validations
from aws_cdk import aws_kms as kms
from constructs import Construct

from sagemaker_model import (
    ArtifactStore,
    CustomInference,
    InstanceType,
    ReadyHandlers,
    SageMakerModel,
    Weights,
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
    """Serve the job's model.tar.gz with the handler for any transformers pipeline."""
    store = make_store(scope)
    stack = Stack(scope, "Trained")
    model = CustomInference(
        instance_type=InstanceType.ML_G4DN_XLARGE,
        code_folder=ReadyHandlers.PIPELINE,
        weights=Weights.from_s3("s3://my-company-training/classifier-7/output/model.tar.gz"),
        env={"HF_TASK": "text-classification"},
        store=store,
    )
    SageMakerModel(stack, "Model", model=model)
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
