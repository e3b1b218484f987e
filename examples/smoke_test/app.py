"""A deployment that counts only when the model answers, and answers right."""

from aws_cdk import App, Duration, Stack
from constructs import Construct

from sagemaker_model import (
    Container,
    ContainerImages,
    InstanceType,
    RealTime,
    RollOut,
    SageMakerModel,
    SmokeTest,
    Weights,
)


def build(scope: Construct) -> Stack:
    """Serve Qwen2.5-7B-Instruct; a new version takes half of the traffic until it is proved."""
    stack = Stack(scope, "Proved")
    container = Container(
        model_id="Qwen/Qwen2.5-7B-Instruct",
        instance_type=InstanceType.ML_G5_2XLARGE,
        container=ContainerImages.HF_VLLM_LATEST,
        weights=Weights.from_s3("s3://my-company-models/qwen2.5-7b/"),
    )
    question = {"role": "user", "content": "What is the capital of France? One word."}
    SageMakerModel(
        stack,
        "Model",
        model=container,
        hosting=RealTime(
            initial_instance_count=2,
            roll_out=RollOut.canary(instances=1, wait=Duration.minutes(10)),
        ),
        smoke_test=SmokeTest(
            {"messages": [question], "max_tokens": 8, "temperature": 0}, expect="Paris"
        ),
    )
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
