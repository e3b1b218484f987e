"""Where in a VPC the model's containers run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

import jsii
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from sagemaker_model.tokens import is_token
from sagemaker_model.vpc_endpoints import S3, reached_services

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2

_MAX_SECURITY_GROUPS = 5  # VpcConfig in the SageMaker API reference
_MAX_SUBNETS = 16


class Connectable(Protocol):
    """``aws_ec2.IConnectable`` as jsii knows it, without what it costs to import ``aws_ec2``."""

    __jsii_type__: ClassVar[str] = "aws-cdk-lib.aws_ec2.IConnectable"

    @property
    @jsii.member(jsii_name="connections")
    def connections(self) -> ec2.Connections:
        """The security groups."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The subnets and security groups of a model.

    Args:
        subnet_ids: The subnets' ids.
        zones: How many Availability Zones they lie in; SageMaker wants two.
        without_egress: Whether one of them is known to have no way to the internet.
        without_s3: Whether one of them is known to have no way to S3 either.
        connections: The model's security groups.
        vpc_config: The same as CloudFormation takes it.
    """

    subnet_ids: tuple[str, ...]
    zones: int
    without_egress: bool
    without_s3: bool
    connections: ec2.Connections
    vpc_config: sagemaker.CfnModel.VpcConfigProperty


def make_network(
    scope: Construct,
    *,
    vpc: ec2.IVpc | None,
    vpc_subnets: ec2.SubnetSelection | None,
    security_groups: Sequence[ec2.ISecurityGroup] | None,
) -> Network | None:
    """Choose subnets, make a security group where none is given; None without a VPC.

    Raises:
        ValueError: Subnets or security groups without a VPC, or too many of them.
    """
    if vpc is None:
        _check_no_vpc(vpc_subnets, security_groups)
        return None
    from aws_cdk import aws_ec2 as ec2

    groups = list(security_groups or ())
    _check_count("security_groups", len(groups), _MAX_SECURITY_GROUPS)
    selected = _select(vpc, vpc_subnets)
    subnet_ids = selected.subnet_ids
    _check_count("vpc_subnets", len(subnet_ids), _MAX_SUBNETS)
    if not groups:
        description = "Containers of a model; SageMaker needs no way in"
        groups = [ec2.SecurityGroup(scope, "SecurityGroup", vpc=vpc, description=description)]
    without_egress = _without_egress(vpc, subnet_ids)
    return Network(
        subnet_ids=tuple(subnet_ids),
        zones=len(set(selected.availability_zones)),
        without_egress=without_egress,
        without_s3=without_egress and _without_s3(vpc),
        connections=ec2.Connections(security_groups=groups),
        vpc_config=sagemaker.CfnModel.VpcConfigProperty(
            security_group_ids=[group.security_group_id for group in groups], subnets=subnet_ids
        ),
    )


def _check_no_vpc(
    vpc_subnets: ec2.SubnetSelection | None,
    security_groups: Sequence[ec2.ISecurityGroup] | None,
) -> None:
    for name, value in (("vpc_subnets", vpc_subnets), ("security_groups", security_groups)):
        if value is not None:
            raise ValueError(f"{name} needs a vpc; give vpc= as well, or leave {name} out")


def _check_count(name: str, count: int, most: int) -> None:
    if count > most:
        raise ValueError(
            f"{name} has {count} members, but SageMaker takes {most} at most; name fewer"
        )


def _select(vpc: ec2.IVpc, wanted: ec2.SubnetSelection | None) -> ec2.SelectedSubnets:
    """Select as CDK does: without a wish, private subnets with egress come first."""
    if wanted is None:
        return vpc.select_subnets()
    return vpc.select_subnets(
        availability_zones=wanted.availability_zones,
        one_per_az=wanted.one_per_az,
        subnet_filters=wanted.subnet_filters,
        subnet_group_name=wanted.subnet_group_name,
        subnets=wanted.subnets,
        subnet_type=wanted.subnet_type,
    )


def _without_egress(vpc: ec2.IVpc, subnet_ids: Sequence[str]) -> bool:
    """Say whether one of the subnets is known to have no way to the internet.

    SageMaker's interfaces get no public address, so a public subnet has none either.
    """
    closed = {subnet.subnet_id for subnet in [*vpc.isolated_subnets, *vpc.public_subnets]}
    return not closed.isdisjoint(subnet_ids)


def _without_s3(vpc: ec2.IVpc) -> bool:
    """Say whether a VPC of this app has no endpoint for S3; of an imported one it is not known."""
    return is_token(vpc.vpc_id) and S3 not in reached_services(vpc)
