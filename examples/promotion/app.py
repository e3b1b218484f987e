"""Weights staged once in a tools account, and served in a production account without the Hub."""

from aws_cdk import Acknowledgment, App, Stack, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from sagemaker_model import (
    ArtifactStore,
    Container,
    InstanceType,
    SageMakerModel,
    StagedWeights,
    Weights,
)

PRODUCTION = "111122223333"
# What StagedWeights.manifest_uri says once the first stack is deployed.
MANIFEST = "s3://tools-weights/Staging/c8f00d/0123456789abcdef0123456789abcdef.manifest.json"
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
    """Stage in one stack; in the other, let the role read just these files."""
    store = make_store(scope)
    store.grant_read(iam.AccountPrincipal(PRODUCTION))
    StagedWeights(
        Stack(scope, "Staging"),
        "Qwen",
        model_id="Qwen/Qwen2.5-7B-Instruct",
        revision="a09a35458c702b33eeacc393d103063234e8bc28",
        store=store,
    )
    production = Stack(scope, "Production")
    container = Container(
        model_id="Qwen/Qwen2.5-7B-Instruct",
        instance_type=InstanceType.ML_G6_2XLARGE,
        weights=Weights.from_staged(MANIFEST, sha256="0" * 64),
    )
    SageMakerModel(production, "Model", model=container, network_isolation=True)
    return production


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
