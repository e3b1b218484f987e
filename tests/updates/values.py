"""Values that arguments are changed to: things of the account that exist already."""

from __future__ import annotations

from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from sagemaker_model import ArtifactStore
from updates.change import In

ACCOUNT = "123456789012"
OTHER_COMMIT = "b" * 40
IMAGE = f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/server:1.0"
LARGE = In(lambda _: codebuild.ComputeType.LARGE)
OTHER_STORE = In(lambda stack: ArtifactStore(stack, "Other"))
TOPIC = In(
    lambda stack: sns.Topic.from_topic_arn(
        stack, "Topic", f"arn:aws:sns:us-east-1:{ACCOUNT}:answers"
    )
)
BUCKET = In(lambda stack: s3.Bucket.from_bucket_name(stack, "Given", "models"))
LOGS = In(lambda stack: s3.Bucket.from_bucket_name(stack, "Logs", "logs"))
KEY = In(
    lambda stack: kms.Key.from_key_arn(
        stack, "Key", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/12345678-1234-1234-1234-123456789012"
    )
)
VPC = In(
    lambda stack: ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-12345678",
        availability_zones=["us-east-1a", "us-east-1b"],
        private_subnet_ids=["subnet-12345678", "subnet-23456789"],
    )
)
ONE_ZONE = ec2.SubnetSelection(availability_zones=["us-east-1a"])
GROUPS = In(lambda stack: [ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-12345678")])
ROLE = In(lambda stack: iam.Role.from_role_arn(stack, "Role", f"arn:aws:iam::{ACCOUNT}:role/mine"))
OTHER_VPC = In(
    lambda stack: ec2.Vpc.from_vpc_attributes(
        stack,
        "OtherVpc",
        vpc_id="vpc-23456789",
        availability_zones=["us-east-1a", "us-east-1b"],
        private_subnet_ids=["subnet-34567890", "subnet-45678901"],
    )
)
