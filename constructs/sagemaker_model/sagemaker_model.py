"""The construct that deploys a model: it composes the parts, and does nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import jsii
from aws_cdk import RemovalPolicy
from aws_cdk import aws_iam as iam
from constructs import Construct

from sagemaker_model.checks.report import report
from sagemaker_model.checks.rules import check
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.compliance import acknowledge
from sagemaker_model.deployment.deployment import (
    Deployment,
    DeploymentType,
    Surroundings,
)
from sagemaker_model.endpoint import ImportedEndpoint, ISageMakerModel, check_endpoint_name
from sagemaker_model.execution_role import make_execution_role
from sagemaker_model.hosting.hosting import EndpointOptions, Hosting
from sagemaker_model.hosting.real_time import RealTime
from sagemaker_model.instance.hardware import lock_keys
from sagemaker_model.instance.table import InstanceSpec, try_find_instance
from sagemaker_model.made_endpoint import Made, MadeEndpoint
from sagemaker_model.model_lock.given import GivenLock, given_lock
from sagemaker_model.model_lock.lock import ModelLock
from sagemaker_model.model_lock.needs import tell_needs
from sagemaker_model.model_resource import make_model, tag_licence, variant_model
from sagemaker_model.network import Connectable
from sagemaker_model.region import known_region
from sagemaker_model.shadow_model import add_shadow
from sagemaker_model.smoke_test.endpoint_test import make_endpoint_test
from sagemaker_model.smoke_test.smoke_test import WHERE_KNOWN, SmokeTest
from sagemaker_model.stack_facts import stack_facts
from sagemaker_model.tokens import is_token

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_kms as kms


@jsii.implements(iam.IGrantable, Connectable)
class SageMakerModel(MadeEndpoint):
    """Deploy a model to a SageMaker endpoint.

    It makes a model, an endpoint configuration and an endpoint, a least-privilege role with one
    policy, and in a VPC a security group; or, on a ``SharedEndpoint``, a model, an inference
    component and a policy of the endpoint's role. Changing anything makes a new model or
    configuration and updates the endpoint, or the component, in place.

    Args:
        scope: The construct it belongs to.
        id: Its name in *scope*.
        model: What is deployed: a ``ModelPackage``, a ``Container`` or a ``CustomInference``.
        vpc: VPC for the container's network interfaces. Default: none; the container runs in
            SageMaker's own network.
        vpc_subnets: Subnets of *vpc*. Default: its private subnets with egress, or as CDK
            chooses where it has none.
        security_groups: At most 5 security groups. Default: one of its own, which lets
            everything out and nothing in.
        region: Region that the tables are asked for in a Region-agnostic stack; a token says
            nothing. Default: the stack's, or left to CloudFormation.
        hosting: How the model is served: ``RealTime``, ``Serverless``, ``Asynchronous``, or as an
            ``InferenceComponent`` of an endpoint that it shares. Default: ``RealTime()``, one
            instance.
        endpoint_name: Name of the endpoint, at most 63 letters, digits and hyphens. Changing it
            replaces the endpoint. Default: CloudFormation makes one up.
        role: Role that the container acts as; gets a policy with what the model needs, also
            where it belongs to another stack. Default: one of its own.
        grant_permissions: False leaves *role* untouched and shows the statements that it needs.
            Default: True.
        encryption_key: Key of the instances' volumes. Not used on instance types with local
            NVMe storage, which takes none. Default: SageMaker's own key.
        network_isolation: Whether the container runs without any network. Default: yes for a
            ``ModelPackage``, no otherwise.
        removal_policy: What becomes of staged weights; never of the endpoint. Default: they
            are deleted.
        lock: Path of a lock file that ``sagemaker-model lock`` wrote, relative to cdk.json, or a
            ``ModelLock``. Models are then those commits, and images without a version those tags,
            whatever day and version of the library it is. Default: the context key
            ``sagemaker-model:lock``; without it nothing is locked.
        smoke_test: What the endpoint must answer, or its deployment fails. None asks nothing.
            Default: a short request where one is known that the model answers, else nothing.

    Raises:
        TypeError: *model* or *hosting* is none.
        ValueError: An argument can't be right, alone or in this Region, or the lock file is none.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's name
        *,
        model: Deployment,
        vpc: ec2.IVpc | None = None,
        vpc_subnets: ec2.SubnetSelection | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] | None = None,
        region: str | None = None,
        hosting: Hosting | None = None,
        endpoint_name: str | None = None,
        role: iam.IRole | None = None,
        grant_permissions: bool = True,
        encryption_key: kms.IKey | None = None,
        network_isolation: bool | None = None,
        removal_policy: RemovalPolicy | None = None,
        lock: GivenLock | None = None,
        smoke_test: SmokeTest | None = WHERE_KNOWN,
    ) -> None:
        hosting = hosting if hosting is not None else RealTime()
        _check_kinds(model, hosting)
        if endpoint_name is not None:
            check_endpoint_name(endpoint_name)
        super().__init__(scope, id, physical_name=endpoint_name)
        self._given_name = endpoint_name
        facts = stack_facts(self, scope)
        known = known_region(facts.region, region)
        locked = given_lock(lock, facts.lock)
        kept = locked or ModelLock()
        hardware = lock_keys(model.instance_type, known)
        self._deployment = model = model.in_region(known, kept)
        instance = _instance(model.type_name, hosting)
        options = EndpointOptions(
            region=known,
            instance_type=model.type_name,
            instance=instance,
            endpoint_name=endpoint_name,
            role=role,
            encryption_key=encryption_key,
            vpc=vpc,
            vpc_subnets=vpc_subnets,
            security_groups=security_groups,
        )
        place = hosting.place(self, options)
        self._network = place.network
        surroundings = Surroundings(
            region=known,
            network_isolation=place.network_isolation or network_isolation,
            without_egress=place.network is not None and place.network.without_egress,
            removal_policy=removal_policy,
            gpus=hosting.gpus,
            lock=kept,
        )
        container = model.bind(self, surroundings)
        bound = hosting.bind(self, model.type_name)
        execution = make_execution_role(
            self,
            role=place.role,
            statements=[
                *place.logs,
                *container.statements,
                *place.statements,
                *bound.statements,
            ],
            grant_permissions=grant_permissions and place.grant_permissions,
        )
        cfn_model = make_model(self, container, execution, place)
        served = variant_model(cfn_model, model.type_name, container, instance)
        serving = hosting.serve(self, served, bound, place)
        if endpoint_name is not None:
            serving.endpoint.endpoint_name = self._physical_name
        acknowledge(
            self,
            granted=execution.statements if execution.policy else (),
            local_nvme=instance is not None and bool(instance.local_nvme_gb),
        )
        needs = replace(model.lock_needs, instances=hardware)
        tell_needs(self, needs)
        known_type = hosting.on_instances and not is_token(model.type_name)
        deployed = Deployed(
            instance_type=model.type_name if known_type else None,
            instance=instance,
            region=known,
            container=container,
            hosting=hosting,
            needs=needs,
            lock=locked,
            locked=needs.only_model(surroundings.lock),
            zones=place.network.zones if place.network and place.model_vpc else None,
            without_egress=surroundings.without_egress,
            without_s3=place.network is not None and place.network.without_s3,
            volume_key=encryption_key is not None,
            removal_policy=removal_policy is not None,
            role_needs=execution.needs,
        )
        tag_licence(cfn_model, deployed.locked)
        report(self, check(deployed))
        add_shadow(
            self,
            deployed,
            serving.config,
            surroundings=surroundings,
            execution=execution,
            place=place,
        )
        self._made = Made(
            model=cfn_model,
            serving=serving,
            execution=execution,
            hosting=hosting,
            bucket=bound.bucket,
            caller_statements=bound.caller_statements,
            deployed=deployed,
            test=make_endpoint_test(
                self,
                smoke_test,
                known=container.known,
                hosting=hosting,
                bound=bound,
                serving=serving,
                model_name=cfn_model.attr_model_name,
            ),
        )
        self._roll_back_on_test()

    @staticmethod
    def from_endpoint_name(
        scope: Construct,
        id: str,  # noqa: A002 - CDK's name
        endpoint_name: str,
    ) -> ISageMakerModel:
        """Refer to an endpoint that exists already, in the stack's account and Region.

        Args:
            scope: The construct that the reference belongs to.
            id: Its name in *scope*.
            endpoint_name: Name of the endpoint.

        Raises:
            ValueError: *endpoint_name* can't be the name of an endpoint.
        """
        return ImportedEndpoint(scope, id, endpoint_name)

    @property
    def model_id(self) -> str:
        """Id of the model; several are joined by commas."""
        return ",".join(self._deployment.model_ids)

    @property
    def deployment_type(self) -> DeploymentType:
        """Which kind of deployment this is."""
        return self._deployment.type

    @property
    def connections(self) -> ec2.Connections:
        """The container's security groups.

        Raises:
            ValueError: The model is not in a VPC.
        """
        if self._network is None:
            raise ValueError("connections need a VPC; give the model vpc= to have them")
        return self._network.connections


def _check_kinds(model: object, hosting: object) -> None:
    """Refuse what is neither, before jsii does in words of its own."""
    if not isinstance(model, Deployment):
        raise TypeError(
            f"model must be a ModelPackage, a Container or a CustomInference, got {model!r}"
        )
    if not isinstance(hosting, Hosting):
        raise TypeError(
            "hosting must be a RealTime, a Serverless, an Asynchronous or an InferenceComponent, "
            f"got {hosting!r}"
        )


def _instance(instance_type: str, hosting: Hosting) -> InstanceSpec | None:
    """Return what is known of the instance type, with the GPUs that the model gets of it."""
    if not hosting.on_instances or is_token(instance_type):
        return None
    instance = try_find_instance(instance_type)
    if instance is None or not instance.gpus or hosting.gpus is None:
        return instance
    return instance._replace(gpus=hosting.gpus)
