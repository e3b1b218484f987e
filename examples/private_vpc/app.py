"""Two models in another team's VPC without a way out, and the endpoints that both share."""

from aws_cdk import App, Fn, Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from sagemaker_model import (
    Container,
    ContainerImages,
    InstanceType,
    SageMakerModel,
    VpcEndpoints,
    VpcService,
    Weights,
)


def build(scope: Construct) -> Stack:
    """Serve a chat model and embeddings; callers in the VPC reach both by an interface endpoint."""
    stack = Stack(scope, "NoWayOut")
    vpc = their_vpc(stack)
    chat = Container(
        model_id="Qwen/Qwen2.5-7B-Instruct",
        instance_type=InstanceType.ML_G5_2XLARGE,
        container=ContainerImages.HF_VLLM_LATEST,
        weights=Weights.from_s3("s3://my-company-models/qwen2.5-7b/"),
    )
    embeddings = Container(
        model_id="BAAI/bge-base-en-v1.5",
        instance_type=InstanceType.ML_G5_XLARGE,
        container=ContainerImages.TEI_LATEST,
        weights=Weights.from_s3("s3://my-company-models/bge-base-en-v1.5/"),
    )
    endpoints = VpcEndpoints.of(vpc, VpcService.SAGEMAKER_RUNTIME)
    for name, container in (("Chat", chat), ("Embeddings", embeddings)):
        model = SageMakerModel(stack, name, model=container, vpc=vpc)
        model.node.add_dependency(endpoints)
    return stack


def their_vpc(stack: Stack) -> ec2.IVpc:
    """Import the VPC by what is known of it; Vpc.from_lookup asks the account instead."""
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        vpc_cidr_block="10.0.0.0/16",
        availability_zones=[Fn.select(index, Fn.get_azs()) for index in range(2)],
        isolated_subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        isolated_subnet_route_table_ids=["rtb-0123456789abcdef0", "rtb-0123456789abcdef1"],
    )


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
