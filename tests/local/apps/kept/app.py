"""Two endpoints whose stacks have all that they need: of one, weights and logs are kept.

Context: ``stacks``, whose names are mapped to model ids; ``kept``, the name of the one whose
weights and logs stay.
"""

from aws_cdk import App, Environment, RemovalPolicy, Stack

from sagemaker_model import CustomInference, SageMakerModel

app = App()
for name, model_id in app.node.get_context("stacks").items():
    stack = Stack(app, name, env=Environment(account="123456789012", region="us-east-1"))
    kept = name == app.node.get_context("kept")
    model = SageMakerModel(
        stack,
        "Model",
        model=CustomInference(
            model_id=model_id,
            revision="main",
            instance_type="ml.m5.xlarge",
            code_folder="code",
        ),
        removal_policy=RemovalPolicy.RETAIN if kept else RemovalPolicy.DESTROY,
    )
    if kept:
        model.retain_logs(30)

app.synth()
