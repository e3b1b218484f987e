"""All rights that a model can need, in one stack that a local AWS can deploy.

A model with its own code whose weights a build stages with a Hub token, and one whose weights a
build copies to a bucket that was there already; one whose weights a user's bucket holds, and one
whose weights were staged before; customer managed keys for bucket, secret and volume; a VPC that is
there already; asynchronous inference, data capture, core dumps, sessions and alarms; somebody who
may invoke.
"""

from pathlib import Path

from aws_cdk import App, CfnOutput, RemovalPolicy, SecretValue, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns

from sagemaker_model import (
    ArtifactStore,
    Asynchronous,
    Container,
    ContainerImages,
    CustomInference,
    DataCapture,
    RealTime,
    RollOut,
    SageMakerModel,
    Staging,
    Weights,
)

INSTANCE = "ml.m5.xlarge"


def vpc_of(stack: Stack) -> tuple[ec2.IVpc, ec2.ISecurityGroup]:
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-1",
        availability_zones=["us-east-1a", "us-east-1b"],
        private_subnet_ids=["subnet-1", "subnet-2"],
    )
    return vpc, ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-1", mutable=False)


def key(stack: Stack, name: str) -> kms.Key:
    return kms.Key(stack, name, removal_policy=RemovalPolicy.DESTROY)


app = App()
stack = Stack(app, "rights")
vpc, group = vpc_of(stack)
token = secretsmanager.Secret(
    stack,
    "Token",
    encryption_key=key(stack, "TokenKey"),
    secret_string_value=SecretValue.unsafe_plain_text("hf_token"),
)
store = ArtifactStore(
    stack, "Store", encryption_key=key(stack, "StoreKey"), removal_policy=RemovalPolicy.DESTROY
)
staged = SageMakerModel(
    stack,
    "Staged",
    model=CustomInference(
        model_id="tiny/bert",
        instance_type=INSTANCE,
        container=ContainerImages.TEI_CPU_LATEST,
        code_folder=str(Path(__file__).with_name("code")),
        hf_token=token,
        store=store,
        staging=Staging(vpc=vpc, security_groups=[group]),
    ),
    vpc=vpc,
    security_groups=[group],
    encryption_key=key(stack, "VolumeKey"),
)
kept = SageMakerModel(
    stack,
    "Kept",
    model=Container(
        model_id="tiny/bert",
        instance_type=INSTANCE,
        container=ContainerImages.TEI_CPU_LATEST,
        weights=Weights.from_s3(app.node.get_context("objects")),
    ),
)
SageMakerModel(
    stack,
    "Copied",
    model=CustomInference(
        instance_type=INSTANCE,
        model_id="tiny/bert",
        container=ContainerImages.TEI_CPU_LATEST,
        code_folder=str(Path(__file__).with_name("code")),
        weights=Weights.from_s3(app.node.get_context("objects")),
        store=ArtifactStore(
            stack, "OwnStore", bucket=s3.Bucket.from_bucket_name(stack, "Own", "bucket-of-ours")
        ),
    ),
)
SageMakerModel(
    stack,
    "Lent",
    model=Container(
        model_id="tiny/bert",
        instance_type=INSTANCE,
        container=ContainerImages.TEI_CPU_LATEST,
        weights=Weights.from_staged(app.node.get_context("manifest")),
    ),
)
queued = SageMakerModel(
    stack,
    "Queued",
    model=Container(
        model_id="tiny/bert",
        instance_type=INSTANCE,
        container=ContainerImages.TEI_CPU_LATEST,
        weights=Weights.from_s3(app.node.get_context("objects")),
    ),
    hosting=Asynchronous(
        encryption_key=key(stack, "ResultKey"),
        error_topic=sns.Topic(stack, "Failed", master_key=key(stack, "TopicKey")),
    ),
)
watched = SageMakerModel(
    stack,
    "Watched",
    model=Container(
        model_id="tiny/bert",
        instance_type=INSTANCE,
        container=ContainerImages.TEI_CPU_LATEST,
    ),
    hosting=RealTime(
        core_dump="s3://bucket-of-ours/dumps",
        core_dump_key=key(stack, "DumpKey"),
        data_capture=DataCapture(path="s3://bucket-of-ours/captured"),
        roll_out=RollOut.all_at_once(),
        ssm_access=True,
    ),
)
watched.roll_back_on(
    cloudwatch.Alarm(
        stack,
        "Alarm",
        metric=watched.metric_model_latency(),
        threshold=1,
        evaluation_periods=1,
    )
)
caller = iam.Role(stack, "Caller", assumed_by=iam.AccountRootPrincipal())
staged.grant_invoke(caller)
for name, model in (("Staged", staged), ("Kept", kept), ("Queued", queued)):
    CfnOutput(stack, f"{name}Endpoint", value=model.endpoint_name)
app.synth()
