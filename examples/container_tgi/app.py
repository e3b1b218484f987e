"""The Pythia of Hugging Face's blog on TGI for SageMaker: 12 billion parameters on four A10Gs."""

from aws_cdk import App, Duration, Stack
from constructs import Construct

from sagemaker_model import (
    Container,
    ContainerImages,
    InstanceType,
    RealTime,
    SageMakerModel,
    ServingOptions,
)


def build(scope: Construct) -> Stack:
    """Serve with TGI 0.8.2; the number of GPUs is told to it by itself."""
    stack = Stack(scope, "Pythia")
    container = Container(
        model_id="OpenAssistant/pythia-12b-sft-v8-7k-steps",
        instance_type=InstanceType.ML_G5_12XLARGE,
        container=ContainerImages.HF_PYTORCH_LLM_TGI_INFERENCE_0_8_2,
        serving=ServingOptions(max_input_tokens=1024, max_total_tokens=2048),
    )
    hosting = RealTime(startup_timeout=Duration.minutes(10))
    SageMakerModel(stack, "Model", model=container, hosting=hosting)
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
