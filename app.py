"""Deploy the models that the context describes, each in a stack of its own.

cdk.json holds a list of them; one of your own needs no Python:

    cdk deploy -c model_id=Qwen/Qwen2.5-7B-Instruct -c instance_type=ml.g5.2xlarge
"""

import os
import sys
from typing import cast

from aws_cdk import Acknowledgment, App, Environment, Stack, Validations
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from constructs import Construct

from sagemaker_model import ArtifactStore, RealTime, SageMakerModel
from sagemaker_model.context import ModelSettings, read_models
from sagemaker_model.tokens import is_token

PACKS = ("HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321")


class WeightsStack(Stack):
    """Where staged weights live, whatever becomes of the models' stacks."""

    def __init__(self, scope: Construct, env: Environment) -> None:
        super().__init__(scope, "model-weights", env=env)
        key = make_key(self)
        self.store = ArtifactStore(self, "Store", encryption_key=key)
        for rule in ("AwsSolutions-S1", *(f"{pack}-S3BucketLoggingEnabled" for pack in PACKS)):
            reason = "Who reads the weights, CloudTrail tells; a log bucket is yours to choose."
            Validations.of(self.store).acknowledge(Acknowledgment(id=rule, reason=reason))


class ModelStack(Stack):
    """One model and what it needs around it."""

    def __init__(
        self,
        scope: Construct,
        settings: ModelSettings,
        env: Environment,
        store: ArtifactStore | None,
    ) -> None:
        super().__init__(scope, settings.stack_name, env=env)
        model = SageMakerModel(
            self,
            "Model",
            model=settings.deployment(store),
            hosting=RealTime(initial_instance_count=settings.instance_count),
            endpoint_name=settings.endpoint_name,
            vpc=self._vpc(settings.vpc_id),
            encryption_key=make_key(self) if settings.encrypt else None,
        )
        model.add_outputs(prefix="")

    def _vpc(self, vpc_id: str | None) -> ec2.IVpc | None:
        if not vpc_id:
            return None
        if is_token(self.region) or is_token(self.account):
            raise ValueError(
                "vpc_id needs an account and a Region to look it up in; give -c account=… and "
                "-c region=…, or credentials that have them"
            )
        return ec2.Vpc.from_lookup(self, "Vpc", vpc_id=vpc_id)


def make_key(scope: Construct) -> kms.IKey:
    """Make a key that is rotated each year."""
    return cast("kms.IKey", kms.Key(scope, "Key", enable_key_rotation=True))


def build(app: App) -> list[ModelStack]:
    """Make a stack for each model, and one for the weights of those that are staged.

    They go to the account and Region of the context, or of the CLI.
    """
    env = Environment(
        account=app.node.try_get_context("account") or os.environ.get("CDK_DEFAULT_ACCOUNT"),
        region=app.node.try_get_context("region") or os.environ.get("CDK_DEFAULT_REGION"),
    )
    models = read_models(app.node.try_get_context)
    staged = any(each.stages for each in models)
    store = WeightsStack(app, env).store if staged else None
    return [ModelStack(app, each, env, store) for each in models]


if __name__ == "__main__":
    app = App()
    try:
        build(app)
    except (TypeError, ValueError) as error:
        sys.exit(f"error: {error}")
    app.synth()
