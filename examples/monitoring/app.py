"""Two models with alarms that tell a topic, one dashboard of both, logs for a month and outputs."""

from aws_cdk import App, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk.aws_cloudwatch_actions import SnsAction
from constructs import Construct

from sagemaker_model import Container, ContainerImages, InstanceType, SageMakerModel, Weights


def build(scope: Construct) -> Stack:
    """Serve a chat model and embeddings, and be told when either does badly."""
    stack = Stack(scope, "Watched")
    topic = make_topic(stack)
    chat = Container(
        model_id="Qwen/Qwen2.5-7B-Instruct",
        instance_type=InstanceType.ML_G5_2XLARGE,
        container=ContainerImages.HF_VLLM_LATEST,
        weights=Weights.from_s3("s3://my-company-models/qwen2.5-7b/"),
    )
    embeddings = Container(
        model_id="BAAI/bge-base-en-v1.5",
        instance_type=InstanceType.ML_G5_XLARGE,
        container=ContainerImages.TEI_LATEST,
        weights=Weights.from_s3("s3://my-company-models/bge-base-en-v1.5/"),
    )
    models = [
        watched(SageMakerModel(stack, "Chat", model=chat), topic, slow=Duration.seconds(30)),
        watched(
            SageMakerModel(stack, "Embeddings", model=embeddings), topic, slow=Duration.seconds(1)
        ),
    ]
    rows = [row for model in models for row in model.dashboard_widgets()]
    cloudwatch.Dashboard(stack, "Dashboard", widgets=rows)
    return stack


def watched(model: SageMakerModel, topic: sns.ITopic, *, slow: Duration) -> SageMakerModel:
    """Tell *topic* when an alarm of the model goes off; keep its logs, and tell where it is."""
    model.retain_logs(30)
    model.add_outputs(prefix=model.node.id)
    for alarm in model.add_default_alarms(latency=slow):
        alarm.add_alarm_action(SnsAction(topic))
    return model


def make_topic(stack: Stack) -> sns.Topic:
    """Make an encrypted topic that CloudWatch may publish to, by TLS alone."""
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    key.grant_encrypt_decrypt(iam.ServicePrincipal("cloudwatch.amazonaws.com"))
    return sns.Topic(stack, "Alarms", master_key=key, enforce_ssl=True)


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
