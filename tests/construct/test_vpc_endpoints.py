"""What a VPC without egress is given to reach S3 and other services, once for all models."""

from __future__ import annotations

from typing import Any

import cdk_nag
import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Annotations, Match, Template

from conftest import VIRGINIA
from construct.models import container
from sagemaker_model import Container, SageMakerModel, VpcEndpoints, VpcService, Weights

ENDPOINT = "AWS::EC2::VPCEndpoint"
ISOLATED = ec2.SubnetConfiguration(name="In", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)


def isolated(stack: Stack, **more: Any) -> ec2.Vpc:
    return ec2.Vpc(stack, "Vpc", max_azs=2, subnet_configuration=[ISOLATED], **more)


def imported(stack: Stack, **more: Any) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=["us-east-1a", "us-east-1b"],
        isolated_subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        **more,
    )


WHOLE = {
    "vpc_cidr_block": "10.0.0.0/16",
    "isolated_subnet_route_table_ids": ["rtb-0123456789abcdef0", "rtb-0123456789abcdef1"],
}


def made(stack: Stack) -> list[tuple[str, str]]:
    """Return type and service of each endpoint, in order."""
    found = Template.from_stack(stack).find_resources(ENDPOINT).values()
    told = [each["Properties"] for each in found]
    names = [str(each["ServiceName"]).rstrip("]}'").rpartition(".") for each in told]
    kinds = [each["VpcEndpointType"] for each in told]
    return sorted((kind, last) for kind, (_, _, last) in zip(kinds, names, strict=True))


def test_s3_is_reached_by_a_gateway_from_every_subnet(app: App, stack: Stack) -> None:
    VpcEndpoints.of(isolated(stack))

    app.synth()
    assert made(stack) == [("Gateway", "s3")]
    (gateway,) = Template.from_stack(stack).find_resources(ENDPOINT).values()
    assert len(gateway["Properties"]["RouteTableIds"]) == 2


def test_other_services_are_reached_by_interfaces_that_let_the_vpc_in(
    app: App, stack: Stack
) -> None:
    vpc = isolated(stack)

    VpcEndpoints.of(vpc, VpcService.STS, VpcService.SAGEMAKER_RUNTIME, "bedrock-runtime")

    app.synth()
    assert made(stack) == [
        ("Gateway", "s3"),
        ("Interface", "bedrock-runtime"),
        ("Interface", "runtime"),
        ("Interface", "sts"),
    ]
    template = Template.from_stack(stack)
    rule = {"CidrIp": stack.resolve(vpc.vpc_cidr_block), "FromPort": 443, "ToPort": 443}
    template.resource_count_is("AWS::EC2::SecurityGroup", 1)
    template.has_resource_properties(
        "AWS::EC2::SecurityGroup", {"SecurityGroupIngress": [Match.object_like(rule)]}
    )
    private = {"PrivateDnsEnabled": True, "VpcEndpointType": "Interface"}
    assert len(template.find_resources(ENDPOINT, {"Properties": private})) == 3


@pytest.mark.parametrize("service", list(VpcService))
def test_each_service_is_one_that_cdk_knows_by_the_same_name(
    stack: Stack, service: VpcService
) -> None:
    known = getattr(ec2.InterfaceVpcEndpointAwsService, service.name)

    own = ec2.InterfaceVpcEndpointAwsService(str(service))
    assert stack.resolve(own.name) == stack.resolve(known.name)


def test_what_several_models_ask_for_is_made_once(stack: Stack) -> None:
    vpc = isolated(stack)

    first = VpcEndpoints.of(vpc, VpcService.STS)
    second = VpcEndpoints.of(vpc, VpcService.STS, VpcService.KMS)

    assert first is second
    assert [name for _, name in made(stack)] == ["s3", "kms", "sts"]


def test_what_several_stacks_ask_for_lies_in_the_stack_of_the_vpc(app: App, stack: Stack) -> None:
    vpc = isolated(stack)
    for name in ("First", "Second"):
        there = Stack(app, name, env=VIRGINIA)
        model = SageMakerModel(there, "Model", model=container(), vpc=vpc)
        model.node.add_dependency(VpcEndpoints.of(vpc, VpcService.STS))

    app.synth()
    assert [name for _, name in made(stack)] == ["s3", "sts"]


def test_a_vpc_that_several_stacks_import_is_one() -> None:
    app = App()
    first, second = (Stack(app, name, env=VIRGINIA) for name in ("First", "Second"))

    VpcEndpoints.of(imported(first, **WHOLE), VpcService.STS)
    VpcEndpoints.of(imported(second, **WHOLE), VpcService.STS)

    assert [name for _, name in made(first)] == ["s3", "sts"]
    Template.from_stack(second).resource_count_is(ENDPOINT, 0)


def test_each_app_has_endpoints_of_its_own() -> None:
    for _ in range(2):
        stack = Stack(App(), "Stack", env=VIRGINIA)
        VpcEndpoints.of(imported(stack, **WHOLE))
        assert made(stack) == [("Gateway", "s3")]


def test_endpoints_that_the_vpc_was_given_before_are_not_made_again(stack: Stack) -> None:
    vpc = isolated(
        stack, gateway_endpoints={"S3": {"service": ec2.GatewayVpcEndpointAwsService.S3}}
    )
    vpc.add_interface_endpoint("Sts", service=ec2.InterfaceVpcEndpointAwsService.STS)

    VpcEndpoints.of(vpc, VpcService.STS, VpcService.KMS)

    assert [name for _, name in made(stack)] == ["s3", "kms", "sts"]


def test_endpoints_that_an_imported_vpc_has_are_told(stack: Stack) -> None:
    vpc = imported(stack, vpc_cidr_block="10.0.0.0/16")

    VpcEndpoints.of(vpc, VpcService.STS, VpcService.KMS, existing=["s3", VpcService.STS])

    assert made(stack) == [("Interface", "kms")]


def test_a_region_agnostic_stack_has_them_too(app: App, agnostic: Stack) -> None:
    VpcEndpoints.of(isolated(agnostic), VpcService.STS)

    app.synth()
    assert [name for _, name in made(agnostic)] == ["s3", "sts"]


def test_groups_of_yours_are_used_as_they_are(stack: Stack) -> None:
    vpc = imported(stack, isolated_subnet_route_table_ids=WHOLE["isolated_subnet_route_table_ids"])
    group = ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-0123456789abcdef0")

    VpcEndpoints.of(vpc, VpcService.KMS, security_groups=[group])

    template = Template.from_stack(stack)
    template.resource_count_is("AWS::EC2::SecurityGroup", 0)
    template.has_resource_properties(ENDPOINT, {"SecurityGroupIds": ["sg-0123456789abcdef0"]})


def test_an_imported_vpc_of_which_too_little_is_known_is_refused(stack: Stack) -> None:
    vpc = imported(stack)

    with pytest.raises(ValueError, match="route tables of the VPC vpc-0123456789abcdef0 are not"):
        VpcEndpoints.of(vpc)


def test_addresses_that_are_not_known_are_asked_for(stack: Stack) -> None:
    with pytest.raises(ValueError, match="give its vpc_cidr_block, or give security_groups"):
        VpcEndpoints.of(imported(stack), VpcService.KMS, existing=["s3"])


def test_what_is_made_is_not_put_elsewhere(stack: Stack) -> None:
    vpc = isolated(stack)
    VpcEndpoints.of(vpc)

    with pytest.raises(ValueError, match="say them where VpcEndpoints"):
        VpcEndpoints.of(vpc, subnets=ec2.SubnetSelection(one_per_az=True))


def test_a_model_may_wait_for_them(app: App, stack: Stack) -> None:
    vpc = isolated(stack)
    model = SageMakerModel(stack, "Model", model=container(), vpc=vpc)

    model.node.add_dependency(VpcEndpoints.of(vpc))

    app.synth()
    template = Template.from_stack(stack)
    (gateway,) = template.find_resources(ENDPOINT)
    waits = {"DependsOn": Match.array_with([gateway])}
    template.has_resource("AWS::SageMaker::Endpoint", waits)


def in_vpc(stack: Stack, vpc: ec2.IVpc) -> Annotations:
    """Return what is said of a model in a VPC whose weights lie in S3."""
    weights = Weights.from_s3("s3://bucket/prefix/")
    deployed = Container(model_id="org/name", instance_type="ml.g5.2xlarge", weights=weights)
    SageMakerModel(stack, "Model", model=deployed, vpc=vpc)
    return Annotations.from_stack(stack)


NO_WAY = Match.string_like_regexp("s3-without-gateway|VpcEndpoints.of.vpc. before")


def test_files_in_s3_without_a_way_to_it_are_warned_of(stack: Stack) -> None:
    in_vpc(stack, isolated(stack)).has_warning("/Stack/Model", NO_WAY)


def test_with_the_endpoints_of_the_vpc_nothing_is_warned_of(stack: Stack) -> None:
    vpc = isolated(stack)
    VpcEndpoints.of(vpc)

    in_vpc(stack, vpc).has_no_warning("*", NO_WAY)


def test_with_a_gateway_of_the_vpcs_own_nothing_is_warned_of(stack: Stack) -> None:
    s3 = {"S3": {"service": ec2.GatewayVpcEndpointAwsService.S3}}

    in_vpc(stack, isolated(stack, gateway_endpoints=s3)).has_no_warning("*", NO_WAY)


def test_of_an_imported_vpc_nothing_is_said_as_nothing_is_known(stack: Stack) -> None:
    in_vpc(stack, imported(stack)).has_no_warning("*", NO_WAY)


def test_a_nat_gateway_leads_to_s3_too(stack: Stack) -> None:
    in_vpc(stack, ec2.Vpc(stack, "Vpc", max_azs=2)).has_no_warning("*", NO_WAY)


def test_no_rule_pack_finds_anything_of_them(stack: Stack) -> None:
    endpoints = VpcEndpoints.of(imported(stack, **WHOLE), *VpcService)

    packs = (
        cdk_nag.AwsSolutionsChecks,
        cdk_nag.HIPAASecurityChecks,
        cdk_nag.NIST80053R5Checks,
        cdk_nag.PCIDSS321Checks,
    )
    found = [each for pack in packs for each in pack().validate_scope(endpoints).violations]
    assert [each.rule_name for each in found] == []
