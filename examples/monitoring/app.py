"""Two models with alarms that tell a topic and roll back, a dashboard, logs and outputs."""

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
    deployed = {
        "Chat": SageMakerModel(stack, "Chat", model=chat, endpoint_name="chat"),
        "Search": SageMakerModel(stack, "Search", model=embeddings, endpoint_name="search"),
    }
    watch(deployed["Chat"], topic, slow=Duration.seconds(30))
    watch(deployed["Search"], topic, slow=Duration.seconds(1))
    for name, model in deployed.items():
        model.retain_logs(30)
        model.add_outputs(prefix=name)
    rows = [row for model in deployed.values() for row in model.dashboard_widgets()]
    cloudwatch.Dashboard(stack, "Dashboard", widgets=rows)
    return stack


def watch(model: SageMakerModel, topic: sns.ITopic, *, slow: Duration) -> None:
    """Tell *topic* of each alarm that goes off, and roll back the update that sets it off."""
    alarms = model.add_default_alarms(latency=slow)
    for alarm in alarms:
        alarm.add_alarm_action(SnsAction(topic))
    model.roll_back_on(*alarms)


def make_topic(stack: Stack) -> sns.Topic:
    """Make an encrypted topic that CloudWatch may publish to, by TLS alone."""
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    key.grant_encrypt_decrypt(iam.ServicePrincipal("cloudwatch.amazonaws.com"))
    return sns.Topic(stack, "Alarms", master_key=key, enforce_ssl=True)


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
