"""A tenth of all requests and answers, written to a bucket with a key of your own."""

from aws_cdk import Acknowledgment, App, Duration, Stack, Validations
from aws_cdk import aws_kms as kms
from constructs import Construct

from sagemaker_model import (
    Container,
    ContainerImages,
    DataCapture,
    InstanceType,
    RealTime,
    SageMakerModel,
    Weights,
)

PACKS = ("HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321")


def build(scope: Construct) -> Stack:
    """Serve MiniLM on a CPU; volume and captured data are encrypted with one key."""
    stack = Stack(scope, "Captured")
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    container = Container(
        model_id="sentence-transformers/all-MiniLM-L6-v2",
        instance_type=InstanceType.ML_M5_XLARGE,
        container=ContainerImages.HF_PYTORCH_INFERENCE_CPU_LATEST,
        weights=Weights.from_s3("s3://my-company-models/minilm/"),
        env={"HF_TASK": "feature-extraction"},
    )
    capture = DataCapture(
        sampling_percentage=10, encryption_key=key, json_content_types=["application/json"]
    )
    hosting = RealTime(
        data_capture=capture, enhanced_metrics=True, metric_frequency=Duration.seconds(30)
    )
    model = SageMakerModel(stack, "Model", model=container, hosting=hosting, encryption_key=key)
    # An access log is a bucket of its own, with a decision of yours behind it.
    rules = ["AwsSolutions-S1", *(f"{pack}-S3BucketLoggingEnabled" for pack in PACKS)]
    accepted = [Acknowledgment(id=rule, reason="The key's use is logged.") for rule in rules]
    Validations.of(model).acknowledge(*accepted)
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
