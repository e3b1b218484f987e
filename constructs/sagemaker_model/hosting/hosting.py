"""What every way of serving a model can be asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from sagemaker_model.hosting.scalable import Scalable
from sagemaker_model.image.bound_image import BoundImage
from sagemaker_model.instance.table import InstanceSpec
from sagemaker_model.network import Network
from sagemaker_model.permissions import Statement

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointOptions:
    """What was said of the endpoint that is to serve a model, and not of the model.

    Args:
        region: The Region as text; None in a Region-agnostic stack.
        instance_type: The deployment's instance type.
        instance: What the table knows of the instance type; None where that is nothing.
        endpoint_name: Name of the endpoint.
        role: Role that the container acts as.
        encryption_key: Key of the instances' volumes.
        vpc: VPC for the container's network interfaces.
        vpc_subnets: Subnets of *vpc*.
        security_groups: Security groups of the interfaces.
        components: Whether several models are to lie on it, as inference components.
    """

    region: str | None
    instance_type: str
    instance: InstanceSpec | None
    endpoint_name: str | None = None
    role: iam.IRole | None = None
    encryption_key: kms.IKey | None = None
    vpc: ec2.IVpc | None = None
    vpc_subnets: ec2.SubnetSelection | None = None
    security_groups: Sequence[ec2.ISecurityGroup] | None = None
    components: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a model's container runs, and as whom.

    Args:
        role: Role that it acts as; None for one of the model's own.
        network: Subnets and security groups that it runs in; None outside of a VPC.
        model_vpc: The same as the model's own resource takes it; None where it takes none.
        key_arn: Key of the instances' volumes; None for SageMaker's own.
        logs: What the role must be allowed for logs and metrics.
        statements: What else it must be allowed for the place.
        grant_permissions: Whether the role may be changed.
        network_isolation: Whether nothing there has a network.
    """

    role: iam.IRole | None
    network: Network | None
    model_vpc: sagemaker.CfnModel.VpcConfigProperty | None
    key_arn: str | None
    logs: tuple[Statement, ...]
    statements: tuple[Statement, ...]
    grant_permissions: bool = True
    network_isolation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """The resources that serve a model.

    Args:
        endpoint: The endpoint.
        config: The endpoint's configuration.
        component: The model's part of an endpoint that several share; None where it has one of
            its own.
    """

    endpoint: sagemaker.CfnEndpoint
    config: sagemaker.CfnEndpointConfig
    component: sagemaker.CfnInferenceComponent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantModel:
    """What hosting must know of the model it serves.

    Args:
        model_name: Name of the SageMaker model (a token); None for a variant without one, on
            which inference components lie.
        instance_type: Instance type.
        image: The container's image; None for a model package.
        instance: What the table knows of the instance type; None where that is nothing.
        size_gib: Size of the weights, as far as it is known.
        downloads: Whether the container downloads the weights itself.
    """

    model_name: str | None
    instance_type: str
    image: BoundImage | None = None
    instance: InstanceSpec | None = None
    size_gib: float | None = None
    downloads: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundHosting:
    """What a way of serving makes of itself in one scope, besides the variant.

    Args:
        statements: What the execution role must be allowed for it.
        caller_statements: What a caller must be allowed besides invoking the endpoint.
        async_inference: How requests are queued; None where they are answered at once.
        data_capture: What is written down of requests and answers; None where nothing is.
        bucket: The bucket that was made for it; None where none was.
        input_folder: Where requests to an asynchronous endpoint lie, as ``s3://bucket/folder``;
            None where nobody said.
        overrides: Properties of the endpoint configuration by their path, as CloudFormation
            names them: those that the oldest aws-cdk-lib the library works with has no name for.
    """

    statements: tuple[Statement, ...] = ()
    caller_statements: tuple[Statement, ...] = ()
    async_inference: sagemaker.CfnEndpointConfig.AsyncInferenceConfigProperty | None = None
    data_capture: sagemaker.CfnEndpointConfig.DataCaptureConfigProperty | None = None
    bucket: s3.IBucket | None = None
    input_folder: str | None = None
    overrides: Mapping[str, object] = field(default_factory=dict)


class Hosting(ABC):
    """How a model is served."""

    on_instances: ClassVar[bool] = True
    """Whether instances of the deployment's instance type serve it."""
    openai: ClassVar[bool] = False
    """Whether SageMaker has a path for clients of OpenAI before it."""
    patience: ClassVar[float] = 600
    """How long an endpoint that is in service may take to its first answer, in seconds."""

    @property
    def can_be_probed(self) -> bool:
        """Whether an update waits anywhere, so that asking during it can roll it back."""
        return False

    @property
    def instance_options(self) -> Hosting:
        """What was said of the instances: mostly here, or at the endpoint that is shared."""
        return self

    @property
    def gpus(self) -> int | None:
        """GPUs that each copy of the model gets, where it does not get all of its instance."""
        return None

    @abstractmethod
    def place(self, scope: Construct, options: EndpointOptions) -> Place:
        """Say where the container runs, and make what that takes.

        Args:
            scope: The model's construct.
            options: What was said of the endpoint.

        Raises:
            ValueError: The options can't be met by this way of serving.
        """

    def bind(self, scope: Construct, instance_type: str) -> BoundHosting:  # noqa: ARG002
        """Make what *scope* needs, and say what the endpoint configuration and the role get.

        Args:
            scope: The model's construct.
            instance_type: The deployment's instance type.
        """
        return BoundHosting()

    @abstractmethod
    def serve(
        self, scope: Construct, model: VariantModel, bound: BoundHosting, place: Place
    ) -> Serving:
        """Make what serves the model.

        Args:
            scope: The model's construct.
            model: What is served.
            bound: What :meth:`bind` made.
            place: What :meth:`place` said.
        """

    @abstractmethod
    def roll_back_on(self, serving: Serving, alarm_names: Sequence[str]) -> None:
        """Have alarms roll an update back.

        Args:
            serving: What :meth:`serve` made.
            alarm_names: The alarms' names.

        Raises:
            ValueError: This way of serving can't be rolled back by alarms.
        """

    @abstractmethod
    def published_metrics(self) -> frozenset[str]:
        """Return CloudWatch's names of the metrics that an endpoint of this kind publishes."""

    @abstractmethod
    def scalable(self, instance: InstanceSpec | None) -> Scalable:
        """Return what of the endpoint can be scaled.

        Args:
            instance: What the table knows of the instance type; None where that is nothing.

        Raises:
            ValueError: It can't be scaled.
        """
