"""Weights that already lie in S3, served by LMI in a VPC without any way to the internet."""

from aws_cdk import App, Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from sagemaker_model import Container, ContainerImages, InstanceType, SageMakerModel, Weights


def build(scope: Construct) -> Stack:
    """Serve a model of your own; the VPC's gateway endpoint for S3 is the way to its files."""
    stack = Stack(scope, "OwnWeights")
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=["us-east-1a", "us-east-1b"],
        isolated_subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    )
    container = Container(
        model_id="my-company/chat-8b",
        instance_type=InstanceType.ML_G6_2XLARGE,
        container=ContainerImages.DJL_INFERENCE_LMI_LATEST,
        weights=Weights.from_s3("s3://my-company-models/chat-8b/v3/"),
    )
    SageMakerModel(stack, "Model", model=container, vpc=vpc, network_isolation=True)
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
