"""A gated model in vLLM: only the build that stages its weights ever reads the token."""

from aws_cdk import Acknowledgment, App, Stack, Validations
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from sagemaker_model import ArtifactStore, Container, InstanceType, SageMakerModel, Weights

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
    """Stage Llama 3.1 8B by the token in a secret, and serve it without any network."""
    store = make_store(scope)
    stack = Stack(scope, "Gated")
    secret = secretsmanager.Secret.from_secret_name_v2(stack, "HubToken", "hub-token")
    container = Container(
        model_id="meta-llama/Llama-3.1-8B-Instruct",
        instance_type=InstanceType.ML_G6_2XLARGE,
        weights=Weights.staged(),
        hf_token=secret,
        store=store,
    )
    SageMakerModel(stack, "Model", model=container, network_isolation=True)
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
