"""Stacks of models whose weights are staged in one store; the same model each time.

How they are staged is looked at: what serves them is an engine that a stand-in answers for.

Context: ``stacks`` (how many models each stack has, by its name).
"""

from aws_cdk import App, CfnOutput, Environment, RemovalPolicy, Stack

from sagemaker_model import ArtifactStore, Container, ContainerImages, SageMakerModel, Weights

HERE = Environment(account="123456789012", region="us-east-1")

app = App()
store = ArtifactStore(Stack(app, "store", env=HERE), "Store", removal_policy=RemovalPolicy.DESTROY)
for name, count in app.node.get_context("stacks").items():
    stack = Stack(app, name, env=HERE)
    for number in range(count):
        model = Container(
            model_id="cross-encoder/ms-marco-MiniLM-L-6-v2",
            instance_type="ml.m5.xlarge",
            container=ContainerImages.TEI_CPU_LATEST,
            weights=Weights.staged(),
            store=store,
        )
        endpoint = SageMakerModel(stack, f"Model{number}", model=model)
        CfnOutput(stack, f"EndpointName{number}", value=endpoint.endpoint_name)

app.synth()
