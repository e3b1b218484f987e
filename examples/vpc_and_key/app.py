"""A VPC without any way to the internet, and one key for the model's volume and the flow logs."""

from aws_cdk import Acknowledgment, App, Fn, Stack, Validations
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from sagemaker_model import Container, ContainerImages, InstanceType, SageMakerModel, Weights

PACKS = ("HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321")


def build(scope: Construct) -> Stack:
    """Serve MiniLM on a type with an EBS volume, which is what the key encrypts."""
    stack = Stack(scope, "Private")
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    container = Container(
        model_id="sentence-transformers/all-MiniLM-L6-v2",
        instance_type=InstanceType.ML_M5_XLARGE,
        container=ContainerImages.HF_PYTORCH_INFERENCE_CPU_LATEST,
        weights=Weights.from_s3("s3://my-company-models/minilm/"),
        env={"HF_TASK": "feature-extraction"},
    )
    vpc = private_vpc(stack, key)
    SageMakerModel(stack, "Model", model=container, vpc=vpc, encryption_key=key)
    return stack


def private_vpc(stack: Stack, key: kms.IKey) -> ec2.Vpc:
    """Make two isolated subnets, the gateway endpoint that leads to S3, and flow logs."""
    subnets = ec2.SubnetConfiguration(name="Model", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    vpc = ec2.Vpc(
        stack,
        "Vpc",
        # CloudFormation finds the zones, so that synthesis asks no account for them.
        availability_zones=[Fn.select(index, Fn.get_azs()) for index in range(2)],
        subnet_configuration=[subnets],
        gateway_endpoints={"S3": {"service": ec2.GatewayVpcEndpointAwsService.S3}},
    )
    # CloudWatch Logs uses a key only if the key's own policy lets it.
    key.grant_encrypt_decrypt(iam.ServicePrincipal(f"logs.{stack.region}.amazonaws.com"))
    group = logs.LogGroup(stack, "FlowLogs", encryption_key=key)
    flow_log = vpc.add_flow_log(
        "FlowLog", destination=ec2.FlowLogDestination.to_cloud_watch_logs(group)
    )
    # restrict_default_security_group would close it, by a function of CDK's in your account.
    acknowledge(vpc, "VPCDefaultSecurityGroupClosed", "Nothing here is in the default group.")
    acknowledge(flow_log, "IAMNoInlinePolicy", "CDK lets the flow log write by an inline policy.")
    return vpc


def acknowledge(construct: Construct, rule: str, reason: str) -> None:
    """Accept *rule* of each pack here: that is yours to decide."""
    accepted = [Acknowledgment(id=f"{pack}-{rule}", reason=reason) for pack in PACKS]
    Validations.of(construct).acknowledge(*accepted)


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
