"""An update in batches, without a second fleet of GPUs, rolled back when calls fail."""

from aws_cdk import Acknowledgment, App, Duration, Stack, Validations
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from sagemaker_model import (
    Container,
    ContainerImages,
    InstanceType,
    RealTime,
    RollOut,
    SageMakerModel,
    Weights,
)


def build(scope: Construct) -> Stack:
    """Serve Qwen2.5-7B-Instruct on two A10G, and replace them one after the other."""
    stack = Stack(scope, "Safe")
    container = Container(
        model_id="Qwen/Qwen2.5-7B-Instruct",
        instance_type=InstanceType.ML_G5_2XLARGE,
        container=ContainerImages.HF_VLLM_LATEST,
        weights=Weights.from_s3("s3://my-company-models/qwen2.5-7b/"),
    )
    model = SageMakerModel(
        stack,
        "Model",
        model=container,
        endpoint_name="chat",
        hosting=RealTime(
            initial_instance_count=2,
            routing="LEAST_OUTSTANDING_REQUESTS",
            roll_out=RollOut.rolling(percent=50, wait=Duration.minutes(10)),
        ),
    )
    model.roll_back_on(failing_calls(stack, model))
    return stack


def failing_calls(stack: Stack, model: SageMakerModel) -> cloudwatch.Alarm:
    """Make an alarm that goes off when calls fail in three minutes of five."""
    failures = model.metric_invocation_5xx_errors(period=Duration.minutes(1))
    alarm = failures.create_alarm(
        stack,
        "FailingCalls",
        threshold=1,
        evaluation_periods=5,
        datapoints_to_alarm=3,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
    reason = "It rolls updates back, and is no call for anybody."
    packs = ("HIPAA.Security", "NIST.800.53.R5")
    accepted = [Acknowledgment(id=f"{each}-CloudWatchAlarmAction", reason=reason) for each in packs]
    Validations.of(alarm).acknowledge(*accepted)
    return alarm


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
