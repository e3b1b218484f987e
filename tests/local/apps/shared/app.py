"""Models on one endpoint, and an adapter of one of them.

Context: ``models``, the names of those that lie on it: ``Chat``, ``Embeddings``.
"""

from aws_cdk import App, CfnOutput, Environment, Stack

from sagemaker_model import (
    Container,
    ContainerImages,
    InferenceComponent,
    LoraAdapter,
    SageMakerModel,
    SharedEndpoint,
)

TYPE = "ml.g5.12xlarge"
MODELS = {
    "Chat": Container(
        model_id="Qwen/Qwen2.5-7B-Instruct",
        instance_type=TYPE,
        container=ContainerImages.VLLM_LATEST,
        env={"SM_VLLM_ENABLE_LORA": "true", "VLLM_ALLOW_RUNTIME_LORA_UPDATING": "true"},
    ),
    "Embeddings": Container(
        model_id="sentence-transformers/all-MiniLM-L6-v2",
        instance_type=TYPE,
        container=ContainerImages.TEI_CPU_LATEST,
    ),
}

app = App()
stack = Stack(app, "shared", env=Environment(account="123456789012", region="us-east-1"))
endpoint = SharedEndpoint(
    stack, "Endpoint", instance_type=TYPE, min_instances=0, max_instances=1, endpoint_name="Shared"
)
for name in app.node.get_context("models"):
    hosting = InferenceComponent(endpoint=endpoint, accelerators=1)
    model = SageMakerModel(stack, name, model=MODELS[name], hosting=hosting)
    model.auto_scale(min_capacity=0, max_capacity=2).scale_on_concurrency(4)
    CfnOutput(stack, f"Name{name}", value=str(model.inference_component_name))
    if name == "Chat":
        archive = "s3://adapters-of-shared/support.tar.gz"
        adapter = LoraAdapter(stack, "Support", base=model, artifact=archive)
        CfnOutput(stack, "NameSupport", value=adapter.inference_component_name)

app.synth()
