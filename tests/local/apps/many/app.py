"""Stacks side by side: same ids, one bucket, two Regions, two accounts, every source of weights.

Context: ``account`` (their account), ``other_account`` (who is let read), ``folder`` (a model's
local files), ``objects`` (the S3 URI of a model's files), ``manifest`` (what the other account is
given; without it that stack is left out), ``instances`` (of the green endpoint).
"""

from aws_cdk import App, CfnOutput, Environment, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam

from sagemaker_model import (
    ArtifactStore,
    Container,
    ContainerImages,
    RealTime,
    SageMakerModel,
    StagedWeights,
    Weights,
)

HOME, ABROAD = "us-east-1", "eu-west-1"
MODEL = "cross-encoder/ms-marco-MiniLM-L-6-v2"


class Served(Stack):
    """One endpoint; the construct ids are the same in each such stack."""

    def __init__(
        self,
        app: App,
        name: str,
        env: Environment,
        weights: Weights,
        *,
        store: ArtifactStore | None = None,
        instances: int = 1,
    ) -> None:
        super().__init__(app, name, env=env)
        model = Container(
            model_id=MODEL,
            instance_type="ml.m5.xlarge",
            container=ContainerImages.HF_PYTORCH_INFERENCE_CPU_LATEST,
            env={"HF_TASK": "feature-extraction"},
            weights=weights,
            store=store,
        )
        hosting = RealTime(initial_instance_count=instances)
        endpoint = SageMakerModel(self, "Model", model=model, hosting=hosting)
        CfnOutput(self, "EndpointName", value=endpoint.endpoint_name)


app = App()
account: str = app.node.get_context("account")
other: str = app.node.get_context("other_account")
home = Environment(account=account, region=HOME)

shared = Stack(app, "shared", env=home)
store = ArtifactStore(shared, "Store", removal_policy=RemovalPolicy.DESTROY)
Served(app, "blue", home, Weights.staged(), store=store)
instances = int(app.node.try_get_context("instances") or 1)
Served(app, "green", home, Weights.staged(), store=store, instances=instances)

Served(app, "abroad", Environment(account=account, region=ABROAD), Weights.staged())
Served(app, "folder", home, Weights.from_directory(app.node.get_context("folder")))
Served(app, "objects", home, Weights.from_s3(app.node.get_context("objects")))

lender = Stack(app, "lender", env=home)
lent = ArtifactStore(lender, "Store", removal_policy=RemovalPolicy.DESTROY)
lent.grant_read(iam.AccountPrincipal(other))
staged = StagedWeights(lender, "Weights", model_id=MODEL, store=lent)
CfnOutput(lender, "Manifest", value=staged.manifest_uri)
if manifest := app.node.try_get_context("manifest"):
    Served(app, "borrower", Environment(account=other, region=HOME), Weights.from_staged(manifest))

app.synth()
