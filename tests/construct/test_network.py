import subprocess
import sys

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Annotations, Match, Template

from conftest import VIRGINIA
from sagemaker_model import Container, SageMakerModel, Weights

ISOLATED = ec2.SubnetConfiguration(
    name="isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=24
)


def container(weights: Weights | None = None) -> Container:
    return Container(model_id="org/name", instance_type="ml.g5.2xlarge", weights=weights)


def vpc_config(stack: Stack) -> dict[str, list[object]]:
    (model,) = Template.from_stack(stack).find_resources("AWS::SageMaker::Model").values()
    config: dict[str, list[object]] = model["Properties"]["VpcConfig"]
    return config


def test_without_a_vpc_there_is_no_network_configuration(stack: Stack) -> None:
    model = SageMakerModel(stack, "Model", model=container())

    Template.from_stack(stack).has_resource_properties(
        "AWS::SageMaker::Model", {"VpcConfig": Match.absent()}
    )
    with pytest.raises(ValueError, match="connections need a VPC"):
        _ = model.connections


def test_the_private_subnets_with_egress_are_used_with_a_group_of_its_own(stack: Stack) -> None:
    vpc = ec2.Vpc(stack, "Vpc", max_azs=2)

    SageMakerModel(stack, "Model", model=container(), vpc=vpc)

    private = [subnet.subnet_id for subnet in vpc.private_subnets]
    assert vpc_config(stack)["Subnets"] == [stack.resolve(each) for each in private]
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::SecurityGroup",
        {"SecurityGroupIngress": Match.absent(), "VpcId": stack.resolve(vpc.vpc_id)},
    )


def test_the_role_may_use_network_interfaces_only_in_a_vpc(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=container(), vpc=ec2.Vpc(stack, "Vpc", max_azs=2))

    Template.from_stack(stack).has_resource_properties(
        "AWS::IAM::Policy",
        {
            "PolicyDocument": {
                "Statement": Match.array_with(
                    [
                        Match.object_like(
                            {
                                "Sid": "UseNetworkInterfaces",
                                "Action": Match.array_with(["ec2:CreateNetworkInterface"]),
                            }
                        )
                    ]
                )
            }
        },
    )


def test_given_subnets_and_groups_are_used(stack: Stack) -> None:
    vpc = ec2.Vpc(stack, "Vpc", max_azs=2)
    group = ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-0123456789abcdef0")

    model = SageMakerModel(
        stack,
        "Model",
        model=container(),
        vpc=vpc,
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC),
        security_groups=[group],
    )

    assert vpc_config(stack)["SecurityGroupIds"] == ["sg-0123456789abcdef0"]
    public = [stack.resolve(subnet.subnet_id) for subnet in vpc.public_subnets]
    assert vpc_config(stack)["Subnets"] == public
    assert len(model.connections.security_groups) == 1


def test_connections_open_the_way_to_others(stack: Stack) -> None:
    vpc = ec2.Vpc(stack, "Vpc", max_azs=2)
    other = ec2.SecurityGroup(stack, "Other", vpc=vpc)
    model = SageMakerModel(stack, "Model", model=container(), vpc=vpc)

    other.connections.allow_from(model, ec2.Port.tcp(443))

    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::SecurityGroupIngress", {"FromPort": 443}
    )


def test_a_download_from_isolated_subnets_is_warned_of_with_ways_out(stack: Stack) -> None:
    vpc = ec2.Vpc(stack, "Vpc", max_azs=2, subnet_configuration=[ISOLATED])

    SageMakerModel(stack, "Model", model=container(), vpc=vpc)

    Annotations.from_stack(stack).has_warning(
        "/Stack/Model",
        Match.string_like_regexp("no way to the internet.*NAT gateway.*VpcEndpoints"),
    )


def test_public_subnets_give_the_container_no_way_out_either(stack: Stack) -> None:
    public = ec2.SubnetConfiguration(name="public", subnet_type=ec2.SubnetType.PUBLIC)
    vpc = ec2.Vpc(stack, "Vpc", max_azs=2, subnet_configuration=[public])

    SageMakerModel(stack, "Model", model=container(), vpc=vpc)

    Annotations.from_stack(stack).has_warning(
        "/Stack/Model", Match.string_like_regexp("no way to the internet")
    )


def test_weights_from_s3_need_no_way_out(stack: Stack) -> None:
    vpc = ec2.Vpc(stack, "Vpc", max_azs=2, subnet_configuration=[ISOLATED])

    SageMakerModel(stack, "Model", model=container(Weights.from_s3("s3://b/p/")), vpc=vpc)

    Annotations.from_stack(stack).has_no_warning("*", Match.string_like_regexp("internet"))


def test_a_download_without_a_network_is_warned_of(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=container(), network_isolation=True)

    Annotations.from_stack(stack).has_warning(
        "/Stack/Model", Match.string_like_regexp("network_isolation: .*can't download")
    )


def test_subnets_of_one_zone_are_warned_of(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=container(), vpc=ec2.Vpc(stack, "Vpc", max_azs=1))

    Annotations.from_stack(stack).has_warning(
        "/Stack/Model", Match.string_like_regexp("one Availability Zone")
    )


def test_a_vpc_from_attributes_does(stack: Stack) -> None:
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=["us-east-1a", "us-east-1b"],
        private_subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        private_subnet_route_table_ids=["rtb-1", "rtb-2"],
    )

    SageMakerModel(stack, "Model", model=container(), vpc=vpc)

    assert vpc_config(stack)["Subnets"] == ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]


def test_a_vpc_from_lookup_does() -> None:
    # Until the CLI has looked it up, CDK gives a VPC whose ids no schema accepts.
    stack = Stack(App(), "Lookup", env=VIRGINIA)

    SageMakerModel(
        stack, "Model", model=container(), vpc=ec2.Vpc.from_lookup(stack, "Vpc", vpc_id="vpc-1")
    )

    assert len(vpc_config(stack)["Subnets"]) == 2


def test_subnets_and_groups_without_a_vpc_are_refused(stack: Stack) -> None:
    group = ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-1")

    with pytest.raises(ValueError, match="security_groups needs a vpc"):
        SageMakerModel(stack, "One", model=container(), security_groups=[group])
    with pytest.raises(ValueError, match="vpc_subnets needs a vpc"):
        SageMakerModel(stack, "Two", model=container(), vpc_subnets=ec2.SubnetSelection())


def test_more_groups_than_sagemaker_takes_are_refused(stack: Stack) -> None:
    groups = [
        ec2.SecurityGroup.from_security_group_id(stack, f"Group{index}", f"sg-{index}")
        for index in range(6)
    ]

    with pytest.raises(ValueError, match="security_groups has 6 members, but SageMaker takes 5"):
        SageMakerModel(
            stack,
            "Model",
            model=container(),
            vpc=ec2.Vpc(stack, "Vpc", max_azs=2),
            security_groups=groups,
        )


# An older aws-cdk-lib loads it by itself.
WHAT_IS_LOADED = """
import sys
from aws_cdk import aws_iam, aws_sagemaker
before = "aws_cdk.aws_ec2" in sys.modules
import sagemaker_model
print(before, "aws_cdk.aws_ec2" in sys.modules)
"""


def test_importing_the_library_does_not_import_what_only_a_vpc_needs() -> None:
    command = [sys.executable, "-c", WHAT_IS_LOADED]

    result = subprocess.run(command, capture_output=True, text=True, check=True)

    before, after = result.stdout.split()
    assert before == after
