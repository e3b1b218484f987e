"""Long requests from a queue, and no instance while nothing waits."""

from aws_cdk import Acknowledgment, App, Stack, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct, IConstruct

from sagemaker_model import (
    Asynchronous,
    Container,
    ContainerImages,
    InstanceType,
    SageMakerModel,
    Weights,
)

PACKS = ("HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321")
# As cdk-nag writes the bucket that the model makes.
BUCKET, FOLDERS = "<ModelAsyncData8F8EC9E8.Arn>", ("input", "output", "failures")


def build(scope: Construct) -> Stack:
    """Transcribe with Whisper on zero to three A10G, by what waits in the queue."""
    stack = Stack(scope, "Queued")
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    container = Container(
        model_id="openai/whisper-large-v3",
        instance_type=InstanceType.ML_G5_XLARGE,
        container=ContainerImages.HF_PYTORCH_INFERENCE_LATEST,
        weights=Weights.from_s3("s3://my-company-models/whisper-large-v3/"),
        env={"HF_TASK": "automatic-speech-recognition"},
    )
    hosting = Asynchronous(
        encryption_key=key,
        success_topic=make_topic(stack, "Done", key),
        error_topic=make_topic(stack, "Failed", key),
        max_concurrent_invocations=4,
    )
    model = SageMakerModel(stack, "Model", model=container, hosting=hosting)
    model.auto_scale(min_capacity=0, max_capacity=3).scale_on_backlog(5)
    grant_caller(stack, model)
    return stack


def make_topic(stack: Stack, name: str, key: kms.IKey) -> sns.Topic:
    """Make an encrypted topic that takes messages by TLS alone."""
    return sns.Topic(stack, name, master_key=key, enforce_ssl=True)


def grant_caller(stack: Stack, model: SageMakerModel) -> None:
    """Let a backend queue requests, write them to the bucket, and read the answers."""
    caller = iam.Role.from_role_name(stack, "Caller", "transcripts-backend")
    model.grant_invoke_async(caller)
    accept(caller, in_packs("IAMNoInlinePolicy"), "It is one right of one caller.")
    folders = [f"AwsSolutions-IAM5[Resource::{BUCKET}/{each}/*]" for each in FOLDERS]
    accept(caller, folders, "Each request makes up the names of its files.")
    reason = "An access log is one bucket more, and yours to choose."
    accept(model, ["AwsSolutions-S1", *in_packs("S3BucketLoggingEnabled")], reason)


def in_packs(rule: str) -> list[str]:
    """Return a rule's ids in the three packs that share their rules."""
    return [f"{pack}-{rule}" for pack in PACKS]


def accept(construct: IConstruct, rules: list[str], reason: str) -> None:
    """Accept *rules* here: that is yours to decide."""
    accepted = [Acknowledgment(id=rule, reason=reason) for rule in rules]
    Validations.of(construct).acknowledge(*accepted)


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
