"""Endpoints whose deployments count only when they answer.

Context: ``stacks``, whose names are mapped to what each endpoint must answer, and to a word that
makes a new model; ``real``, the id of a model that the toolkit serves, asked by default.
"""

from aws_cdk import App, Duration, Environment, Stack

from sagemaker_model import (
    Container,
    ContainerImages,
    RealTime,
    RollOut,
    SageMakerModel,
    SmokeTest,
)

VIRGINIA = Environment(account="123456789012", region="us-east-1")

app = App()
for name, (expected, word) in (app.node.try_get_context("stacks") or {}).items():
    SageMakerModel(
        Stack(app, name, env=VIRGINIA),
        "Model",
        model=Container(model_id="org/name", instance_type="ml.g5.2xlarge", env={"WORD": word}),
        endpoint_name=name,
        # So that there are a clock and an alarm as well.
        hosting=RealTime(roll_out=RollOut.all_at_once(bake=Duration.minutes(5))),
        smoke_test=SmokeTest({"prompt": "hello"}, expect=expected),
    )
real = app.node.try_get_context("real")
if real:
    SageMakerModel(
        Stack(app, "proved-real", env=VIRGINIA),
        "Model",
        model=Container(
            model_id=real,
            instance_type="ml.m5.xlarge",
            container=ContainerImages.HF_PYTORCH_INFERENCE_CPU_LATEST,
            env={"HF_TASK": "feature-extraction"},
        ),
    )
app.synth()
