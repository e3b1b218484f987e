"""The ways from a VPC without egress to S3, and to the services that a container calls."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from aws_cdk import Stack
from constructs import Construct, IConstruct

from sagemaker_model.tokens import is_token

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2

S3 = "s3"
_ID = "SageMakerModelVpcEndpoints"
_HTTPS = 443
_SERVICE = re.compile(r"amazonaws\.[^.]+\.(.+)")  # "com.amazonaws.us-east-1.sagemaker.runtime"

_MADE: WeakKeyDictionary[IConstruct, dict[str, VpcEndpoints]] = WeakKeyDictionary()


class VpcEndpoints(Construct):
    """The VPC endpoints that models without egress need, each once per VPC.

    ``VpcEndpoints.of(vpc)`` makes them, or returns those that were made before. S3 is reached by a
    gateway endpoint, which costs nothing and which a model's files come through ("Give SageMaker
    AI hosted endpoints access to resources in your Amazon VPC", host-vpc); every other service by
    an interface endpoint, which does. Endpoints that the VPC was given in the app before are not
    made again.

    Args:
        scope: The construct it belongs to.
        id: Its name in *scope*.
        vpc: The VPC, made or imported.
        subnets: Where the interface endpoints are, one subnet of each zone. Default: private
            subnets, or as CDK chooses where there are none.
        security_groups: Who may reach the interface endpoints is said by these. Default: one of
            their own, which lets the whole VPC in by HTTPS.
        existing: Services that the VPC has endpoints for and the app does not know, such as
            ``["s3"]`` of an imported VPC. Default: none.

    Raises:
        ValueError: Of an imported VPC its route tables are not known, which S3 needs, or its
            range of addresses, which a security group of their own needs.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's name
        *,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] | None = None,
        existing: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, id)
        self._vpc = vpc
        self._subnets = subnets
        self._groups = list(security_groups or ())
        self._reached = {*_given_services(vpc), *existing}
        if S3 not in self._reached:
            self._reached.add(S3)
            self._add_gateway()

    @property
    def reached(self) -> frozenset[str]:
        """The services that the VPC reaches."""
        return frozenset(self._reached)

    @staticmethod
    def of(
        vpc: ec2.IVpc,
        *services: str,
        subnets: ec2.SubnetSelection | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] | None = None,
        existing: Sequence[str] = (),
    ) -> VpcEndpoints:
        """Return the endpoints of a VPC, made in its stack when they are first asked for.

        Models start before the endpoints are there unless they depend on them:
        ``model.node.add_dependency(VpcEndpoints.of(vpc))``.

        Args:
            vpc: The VPC, made or imported. One that several stacks import is still one.
            *services: The services that are to be reached besides S3: a :class:`VpcService`, or
                the end of an endpoint's name as text.
            subnets: Where the interface endpoints are. Default: private subnets.
            security_groups: Who may reach the interface endpoints is said by these. Default: one
                of their own.
            existing: Services that the VPC has endpoints for and the app does not know.

        Raises:
            ValueError: They are made already and can't be put elsewhere, or too little is known
                of an imported VPC.
        """
        made, key = _MADE.setdefault(vpc.node.root, {}), _key(vpc)
        if key not in made:
            made[key] = VpcEndpoints(
                Stack.of(vpc),
                f"{_ID}{vpc.node.addr[-8:]}",
                vpc=vpc,
                subnets=subnets,
                security_groups=security_groups,
                existing=existing,
            )
        elif subnets or security_groups or existing:
            raise ValueError(
                "subnets, security_groups and existing are said when the endpoints of a VPC are "
                f"made, and those of {key} are; say them where VpcEndpoints.of is first called"
            )
        made[key].add(*services)
        return made[key]

    def add(self, *services: str) -> None:
        """Let the VPC reach further services; those that it reaches already are left alone.

        Args:
            *services: A :class:`VpcService`, or the end of an endpoint's name as text.

        Raises:
            ValueError: Of an imported VPC its range of addresses is not known.
        """
        from aws_cdk import aws_ec2 as ec2

        for service in services:
            if service not in self._reached:
                self._reached.add(service)
                ec2.InterfaceVpcEndpoint(
                    self,
                    _construct_id(service),
                    vpc=self._vpc,
                    service=ec2.InterfaceVpcEndpointAwsService(str(service)),
                    subnets=self._subnets,
                    security_groups=self._security_groups(),
                    open=False,
                )

    def _add_gateway(self) -> None:
        from aws_cdk import aws_ec2 as ec2

        service = ec2.GatewayVpcEndpointAwsService.S3
        try:
            ec2.GatewayVpcEndpoint(self, "S3", vpc=self._vpc, service=service)
        except RuntimeError as error:
            raise ValueError(
                f"the route tables of the VPC {self._vpc.vpc_id} are not known, which lead to S3; "
                "import it by Vpc.from_lookup, give its route table ids, or say existing=['s3'] "
                "if it has a gateway endpoint"
            ) from error

    def _security_groups(self) -> list[ec2.ISecurityGroup]:
        """Return the groups of the interface endpoints, made when the first is."""
        from aws_cdk import aws_ec2 as ec2

        if not self._groups:
            peer = ec2.Peer.ipv4(_addresses(self._vpc))
            description = "VPC endpoints of models; the VPC may reach them"
            group = ec2.SecurityGroup(
                self,
                "SecurityGroup",
                vpc=self._vpc,
                description=description,
                allow_all_outbound=False,
            )
            group.add_ingress_rule(peer, ec2.Port.tcp(_HTTPS), "HTTPS from the VPC")
            self._groups.append(group)
        return self._groups


def reached_services(vpc: ec2.IVpc) -> frozenset[str]:
    """Return the services that a VPC is known to have endpoints for so far."""
    made = _MADE.get(vpc.node.root, {}).get(_key(vpc))
    return made.reached if made is not None else _given_services(vpc)


def _given_services(vpc: ec2.IVpc) -> frozenset[str]:
    """Return the services that a VPC was given endpoints for by its own methods or arguments."""
    from aws_cdk import aws_ec2 as ec2

    stack = Stack.of(vpc)
    resources = [each for each in vpc.node.find_all() if isinstance(each, ec2.CfnVPCEndpoint)]
    names = (_text(stack.resolve(each.service_name)) for each in resources)
    return frozenset(match[1] for match in map(_SERVICE.search, names) if match)


def _key(vpc: ec2.IVpc) -> str:
    """Name a VPC: one that is imported by several stacks is still one."""
    vpc_id = vpc.vpc_id
    return vpc.node.path if is_token(vpc_id) else vpc_id


def _text(resolved: object) -> str:
    """Write what a service's name resolves to, with a word for the Region.

    >>> _text({"Fn::Join": ["", ["com.amazonaws.", {"Ref": "AWS::Region"}, ".s3"]]})
    'com.amazonaws.AWS::Region.s3'
    """
    match resolved:
        case {"Fn::Join": [str(delimiter), list(parts)]}:
            return delimiter.join(map(_text, parts))
        case {"Ref": str(name)}:
            return name
        case _:
            return str(resolved)


def _addresses(vpc: ec2.IVpc) -> str:
    try:
        return vpc.vpc_cidr_block
    except RuntimeError as error:
        raise ValueError(
            f"the addresses of the VPC {vpc.vpc_id} are not known, which are let in; import it by "
            "Vpc.from_lookup, give its vpc_cidr_block, or give security_groups"
        ) from error


def _construct_id(service: str) -> str:
    """Make a name of a service's: ``"sagemaker.runtime"`` becomes ``"SagemakerRuntime"``."""
    return "".join(part.capitalize() for part in re.split(r"\W+", service))
