"""Two fine-tuned versions of a model, by LoRA adapters on the GPU of the model itself."""

from aws_cdk import App, Stack
from constructs import Construct

from sagemaker_model import (
    Container,
    ContainerImages,
    InferenceComponent,
    InstanceType,
    LoraAdapter,
    SageMakerModel,
    SharedEndpoint,
    Weights,
)


def build(scope: Construct) -> Stack:
    """Serve Llama 3.1 8B by LMI, and beside it what it was trained to for support and sales."""
    stack = Stack(scope, "Adapted")
    endpoint = SharedEndpoint(
        stack, "Endpoint", instance_type=InstanceType.ML_G6_2XLARGE, max_instances=2
    )
    container = Container(
        model_id="meta-llama/Llama-3.1-8B-Instruct",
        instance_type=InstanceType.ML_G6_2XLARGE,
        container=ContainerImages.DJL_INFERENCE_LMI_LATEST,
        weights=Weights.from_s3("s3://my-company-models/llama-3.1-8b/"),
        env={"OPTION_ENABLE_LORA": "true", "OPTION_MAX_LORAS": "4", "OPTION_MAX_LORA_RANK": "16"},
    )
    hosting = InferenceComponent(endpoint=endpoint)
    base = SageMakerModel(stack, "Base", model=container, hosting=hosting)
    for name in ("Support", "Sales"):
        archive = f"s3://my-company-models/adapters/{name.lower()}-v1.tar.gz"
        LoraAdapter(stack, name, base=base, artifact=archive)
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
