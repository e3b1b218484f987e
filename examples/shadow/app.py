"""A candidate that gets a tenth of the requests, on instances of its own, and answers nobody."""

from aws_cdk import App, Stack
from constructs import Construct

from sagemaker_model import Container, RealTime, SageMakerModel, Shadow, Weights

NOW = "a09a35458c702b33eeacc393d103063234e8bc28"


def build(scope: Construct) -> Stack:
    """Serve Qwen2.5 7B, and try a fine-tuned one beside it."""
    stack = Stack(scope, "Shadowed")
    serves = Container(
        model_id="Qwen/Qwen2.5-7B-Instruct",
        revision=NOW,
        instance_type="ml.g5.2xlarge",
        weights=Weights.from_s3("s3://my-company-models/qwen2.5-7b/"),
    )
    candidate = Container(
        model_id="my-company/qwen2.5-7b-tuned",
        revision="b" * 40,
        instance_type="ml.g6.2xlarge",
        weights=Weights.from_s3("s3://my-company-models/qwen2.5-7b-tuned/"),
    )
    hosting = RealTime(shadow=Shadow(model=candidate, sampling_percentage=10))
    SageMakerModel(stack, "Model", model=serves, hosting=hosting)
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
