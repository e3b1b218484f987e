"""A model that is there in office hours, and costs nothing at night and at weekends."""

from aws_cdk import App, Stack, TimeZone
from constructs import Construct

from sagemaker_model import (
    Container,
    ContainerImages,
    InferenceComponent,
    InstanceType,
    SageMakerModel,
    SharedEndpoint,
    Weights,
)


def build(scope: Construct) -> Stack:
    """Serve Qwen2.5-7B-Instruct from Monday to Friday, on one or two A10G."""
    stack = Stack(scope, "Office")
    endpoint = SharedEndpoint(
        stack,
        "Endpoint",
        instance_type=InstanceType.ML_G5_2XLARGE,
        min_instances=0,
        max_instances=2,
    )
    container = Container(
        model_id="Qwen/Qwen2.5-7B-Instruct",
        instance_type=InstanceType.ML_G5_2XLARGE,
        container=ContainerImages.HF_VLLM_LATEST,
        weights=Weights.from_s3("s3://my-company-models/qwen2.5-7b/"),
    )
    hosting = InferenceComponent(endpoint=endpoint)
    model = SageMakerModel(stack, "Model", model=container, hosting=hosting)
    scaling = model.auto_scale(min_capacity=1, max_capacity=2)
    scaling.scale_on_concurrency(8)
    scaling.scale_on_office_hours(start="08:00", end="18:00", time_zone=TimeZone.EUROPE_BERLIN)
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
