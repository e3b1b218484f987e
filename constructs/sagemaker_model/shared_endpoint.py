"""An endpoint whose instances several models share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

import jsii
from aws_cdk import Duration, Resource
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from sagemaker_model.checks.report import report
from sagemaker_model.checks.rules import check
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.compliance import acknowledge
from sagemaker_model.deployment.deployment import ContainerDefinition
from sagemaker_model.endpoint import check_endpoint_name
from sagemaker_model.execution_role import ExecutionRole, make_execution_role
from sagemaker_model.hosting.hosting import EndpointOptions, VariantModel
from sagemaker_model.hosting.managed_scaling import (
    check_consolidation,
    check_instances,
    managed_instance_scaling,
)
from sagemaker_model.hosting.on_instances import VARIANT
from sagemaker_model.hosting.real_time import RealTime
from sagemaker_model.hosting.shared_instances import SharedInstances
from sagemaker_model.instance.hardware import Hardware, instance_type_name, lock_keys
from sagemaker_model.instance.table import try_find_instance
from sagemaker_model.metrics import MetricOptions, Publisher, metric_of
from sagemaker_model.model_lock.given import given_lock
from sagemaker_model.model_lock.lock import ModelLock
from sagemaker_model.model_lock.needs import LockNeeds, tell_needs
from sagemaker_model.network import Connectable
from sagemaker_model.region import known_region
from sagemaker_model.stack_facts import stack_facts
from sagemaker_model.tokens import is_token

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_kms as kms


@jsii.implements(iam.IGrantable, Connectable)
class SharedEndpoint(Resource):
    """Make an endpoint whose instances several models share.

    A model lies on it by ``hosting=InferenceComponent(endpoint=…)``. SageMaker adds an instance
    when the models' copies do not fit, and takes it away when nothing lies on it. All models act
    as the endpoint's one role, each with a policy of its own. Sources: "Deploy models for real-time
    inference" (realtime-endpoints-deploy-models) and ``ProductionVariantManagedInstanceScaling`` in
    the SageMaker API reference.

    Args:
        scope: The construct it belongs to.
        id: Its name in *scope*.
        instance_type: Instance type of all its instances, such as ``ml.g5.12xlarge``, or what it
            must have, as ``Hardware``.
        max_instances: The most instances, 1 or more.
        min_instances: The least. With 0 there is none while no copy of any model is wanted; not
            every Region takes 0. Default: 1.
        consolidate_after: How long after the last change copies are moved together, so that
            instances come free, 5 minutes to 24 hours. Default: copies stay where they are, and
            an instance goes when nothing lies on it any more.
        hosting: What else there is to say of the instances; their number at first must lie
            between the two. Time-outs are the models' own. Default: ``RealTime()``, one at first.
        vpc: VPC for the containers' network interfaces. Default: none; containers run in
            SageMaker's own network.
        vpc_subnets: Subnets of *vpc*. Default: its private subnets with egress, or as CDK
            chooses where it has none.
        security_groups: At most 5 security groups. Default: one of its own, which lets
            everything out and nothing in.
        region: Region that the tables are asked for in a Region-agnostic stack; a token says
            nothing. Default: the stack's, or left to CloudFormation.
        endpoint_name: Name of the endpoint, at most 63 letters, digits and hyphens. Changing it
            replaces the endpoint and all that lies on it. Default: CloudFormation makes one up.
        role: Role that all containers act as; gets a policy with what the endpoint needs.
            Default: one of its own.
        grant_permissions: False leaves *role* untouched and shows the statements that it needs.
            Default: True.
        encryption_key: Key of the instances' volumes. Not used on instance types with local
            NVMe storage, which takes none. Default: SageMaker's own key.
        network_isolation: Whether all containers run without any network. Default: they have it.

    Raises:
        TypeError: A number is no whole number, or *hosting* is no ``RealTime``.
        ValueError: An argument can't be right, alone or in this Region.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's name
        *,
        instance_type: str | Hardware,
        max_instances: int,
        min_instances: int = 1,
        consolidate_after: Duration | None = None,
        hosting: RealTime | None = None,
        vpc: ec2.IVpc | None = None,
        vpc_subnets: ec2.SubnetSelection | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] | None = None,
        region: str | None = None,
        endpoint_name: str | None = None,
        role: iam.IRole | None = None,
        grant_permissions: bool = True,
        encryption_key: kms.IKey | None = None,
        network_isolation: bool = False,
    ) -> None:
        hosting = hosting if hosting is not None else RealTime()
        _check_hosting(hosting)
        check_instances(min_instances, max_instances, hosting.initial_instance_count)
        check_consolidation(consolidate_after)
        if endpoint_name is not None:
            check_endpoint_name(endpoint_name)
        super().__init__(scope, id, physical_name=endpoint_name)
        facts = stack_facts(self, scope)
        known = known_region(facts.region, region)
        self._lock = given_lock(None, facts.lock)
        self._needs = LockNeeds(instances=lock_keys(instance_type, known))
        tell_needs(self, self._needs)
        type_name = instance_type_name(instance_type, known, self._lock or ModelLock())
        instance = None if is_token(type_name) else try_find_instance(type_name)
        options = EndpointOptions(
            region=known,
            instance_type=type_name,
            instance=instance,
            endpoint_name=endpoint_name,
            role=role,
            encryption_key=encryption_key,
            vpc=vpc,
            vpc_subnets=vpc_subnets,
            security_groups=security_groups,
            components=True,
        )
        place = hosting.place(self, options)
        bound = hosting.bind(self, type_name)
        execution = make_execution_role(
            self,
            role=place.role,
            statements=[*place.logs, *place.statements, *bound.statements],
            grant_permissions=grant_permissions,
        )
        self._role = execution.role
        self._instances = SharedInstances(
            instance_type=type_name,
            instance=instance,
            least=min_instances,
            most=max_instances,
            hosting=hosting,
            place=replace(
                place,
                role=execution.role,
                grant_permissions=grant_permissions,
                network_isolation=network_isolation,
            ),
            serving=hosting.serve(
                self,
                VariantModel(model_name=None, instance_type=type_name, instance=instance),
                bound,
                place,
            ),
            identity=f"{self.node.addr} {'' if is_token(endpoint_name) else endpoint_name}",
        )
        if endpoint_name is not None:
            self.endpoint.endpoint_name = self._physical_name
        self._complete_config(
            execution, managed_instance_scaling(min_instances, max_instances, consolidate_after)
        )
        self._check(options, execution)

    @property
    def endpoint(self) -> sagemaker.CfnEndpoint:
        """The endpoint's own resource, to change what no argument does."""
        return self._instances.serving.endpoint

    @property
    def cfn_endpoint_config(self) -> sagemaker.CfnEndpointConfig:
        """The endpoint configuration's own resource."""
        return self._instances.serving.config

    @property
    def instances(self) -> SharedInstances:
        """What is known of the instances, for the models that lie on them."""
        return self._instances

    @property
    def endpoint_name(self) -> str:
        """Name of the endpoint."""
        return self.endpoint.attr_endpoint_name

    @property
    def endpoint_arn(self) -> str:
        """ARN of the endpoint."""
        return self.endpoint.ref

    @property
    def role(self) -> iam.IRole:
        """The role that all containers act as."""
        return self._role

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The role, as something that can be granted rights."""
        return self._role.grant_principal

    @property
    def connections(self) -> ec2.Connections:
        """The containers' security groups.

        Raises:
            ValueError: The endpoint is not in a VPC.
        """
        network = self._instances.place.network
        if network is None:
            raise ValueError("connections need a VPC; give the SharedEndpoint vpc= to have them")
        return network.connections

    def metric(self, metric_name: str, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return a metric of the endpoint as a whole; each model has its own.

        Args:
            metric_name: CloudWatch's name, such as ``"GPUUtilization"``.
            **options: As in ``cloudwatch.MetricOptions``. Default: counts are summed, the rest
                averaged, over five minutes.
        """
        return metric_of(Publisher(self.endpoint_name), metric_name, options)

    def _complete_config(self, execution: ExecutionRole, scaling: Mapping[str, object]) -> None:
        """Say on the configuration what a model of its own says elsewhere."""
        config, place = self.cfn_endpoint_config, self._instances.place
        config.execution_role_arn = self._role.role_arn
        config.enable_network_isolation = place.network_isolation or None
        if place.network is not None:
            config.vpc_config = sagemaker.CfnEndpointConfig.VpcConfigProperty(
                security_group_ids=place.network.vpc_config.security_group_ids,
                subnets=place.network.vpc_config.subnets,
            )
        config.add_property_override(f"{VARIANT}.ManagedInstanceScaling", scaling)
        if execution.policy is not None:
            config.node.add_dependency(execution.policy)

    def _check(self, options: EndpointOptions, execution: ExecutionRole) -> None:
        """Look at all that can be said of instances without a model."""
        instance, network = options.instance, self._instances.place.network
        nvme = instance is not None and bool(instance.local_nvme_gb)
        granted = execution.statements if execution.policy else ()
        acknowledge(self, granted=granted, local_nvme=nvme)
        deployed = Deployed(
            instance_type=None if is_token(options.instance_type) else options.instance_type,
            instance=instance,
            region=options.region,
            container=ContainerDefinition(),
            hosting=self._instances.hosting,
            needs=self._needs,
            lock=self._lock,
            zones=network.zones if network else None,
            volume_key=options.encryption_key is not None,
            role_needs=execution.needs,
        )
        report(self, check(deployed))


def _check_hosting(hosting: object) -> None:
    """Refuse what is a model's to say, or what shared instances can't have."""
    if not isinstance(hosting, RealTime):
        raise TypeError(
            f"hosting of a SharedEndpoint must be a RealTime, got {hosting!r}; leave it out for one"
        )
    for name in ("startup_timeout", "download_timeout"):
        if getattr(hosting, name) is not None:
            raise ValueError(
                f"{name} can't be given to a SharedEndpoint, which has no model of its own; give "
                "it to each model's InferenceComponent"
            )
    if hosting.shadow is not None:
        raise ValueError(
            "shadow can't be given to a SharedEndpoint, which has no model of its own; give it to "
            "the RealTime of a model that has an endpoint of its own"
        )
    if hosting.shadow is not None:
        raise ValueError(
            "shadow can't be given to a SharedEndpoint, as SageMaker copies requests to a second "
            "model on an endpoint of one model only; leave it out, or serve that by RealTime"
        )
    if hosting.instance_pools:
        raise ValueError(
            "instance_pools can't be given to a SharedEndpoint, as a model says what it takes of "
            "one instance type; leave them out"
        )
