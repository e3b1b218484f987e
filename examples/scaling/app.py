"""Instances that follow the load, and are ready before the working day begins."""

from aws_cdk import App, Stack, TimeZone
from aws_cdk.aws_applicationautoscaling import Schedule
from constructs import Construct

from sagemaker_model import Container, ContainerImages, InstanceType, SageMakerModel, Weights


def build(scope: Construct) -> Stack:
    """Serve Qwen2.5-7B-Instruct on one to four A10G; new instances take the weights from S3."""
    stack = Stack(scope, "Scaled")
    container = Container(
        model_id="Qwen/Qwen2.5-7B-Instruct",
        instance_type=InstanceType.ML_G5_2XLARGE,
        container=ContainerImages.HF_VLLM_LATEST,
        weights=Weights.from_s3("s3://my-company-models/qwen2.5-7b/"),
    )
    model = SageMakerModel(stack, "Model", model=container)
    scaling = model.auto_scale(min_capacity=1, max_capacity=4)
    scaling.scale_on_concurrency(8)
    for name, hour, instances in (("Morning", "8", 2), ("Evening", "18", 1)):
        schedule = Schedule.cron(hour=hour, minute="0", week_day="MON-FRI")
        scaling.scale_on_schedule(
            name, schedule, min_capacity=instances, time_zone=TimeZone.EUROPE_BERLIN
        )
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
