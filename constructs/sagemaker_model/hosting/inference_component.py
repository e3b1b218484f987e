"""Hosting on an endpoint that several models share: each is an inference component of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, ClassVar

from aws_cdk import Duration, Fn, Token
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from sagemaker_model.hosting.component_roll_out import (
    check_component_roll_out,
    component_roll_out,
)
from sagemaker_model.hosting.hosting import (
    BoundHosting,
    EndpointOptions,
    Hosting,
    Place,
    Serving,
    VariantModel,
)
from sagemaker_model.hosting.limits import check_between, check_choice, check_duration
from sagemaker_model.hosting.names import MAX_NAME, VARIANT_NAME, unique_name
from sagemaker_model.hosting.roll_out import RollOut
from sagemaker_model.hosting.scalable import COPIES, Scalable
from sagemaker_model.hosting.timeouts import timeouts_of
from sagemaker_model.hosting.wake_up import WakeUp
from sagemaker_model.instance.table import InstanceSpec
from sagemaker_model.metric_names import COMPONENT_HOSTS, COMPONENTS
from sagemaker_model.tokens import is_token

if TYPE_CHECKING:
    from sagemaker_model.shared_endpoint import SharedEndpoint

# InferenceComponentComputeResourceRequirements in the SageMaker API reference.
_LEAST_MEMORY_MIB = 128
_LEAST_CPUS = 0.25
_MOST = 1_000_000  # beyond any instance
_NAME = re.compile(r"[a-z0-9](-*[a-z0-9])*")
_PLACEMENTS = ("SPREAD", "BINPACK")
_SALT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceComponent(Hosting):
    """Serve a model on a :class:`SharedEndpoint`, beside others.

    Callers name the component beside the endpoint: ``InferenceComponentName`` of
    ``InvokeEndpoint``. Limits are those of ``CreateInferenceComponent`` in the SageMaker API
    reference.

    Args:
        endpoint: Endpoint that the model lies on. Moving the model to another one makes a new
            component there and deletes the old one.
        copies: Number of copies at first, 1 or more; ``auto_scale`` changes it, also to 0. An
            update sets it again only where this number changes. Default: 1.
        accelerators: GPUs, or Inferentia or Trainium devices, of each copy. An engine splits the
            model over as many. Default: all of an instance, so that each copy has one to itself.
        cpus: Processors of each copy, 0.25 or more. Default: none is reserved.
        memory_mib: Memory that each copy reserves, 128 MiB or more. Keep it far below the
            instance's: what serves there beside it takes much. Default: 1024.
        max_memory_mib: Memory that a copy may grow to. Default: not limited.
        startup_timeout: How long a container may take from its start until it answers
            ``/ping``, 60 seconds to 1 hour. Default: grows with the model where its size is
            known, and is longer where the container downloads the weights itself.
        download_timeout: How long SageMaker may take to copy the model's files from S3, 60
            seconds to 1 hour. Default: grows with the model likewise.
        placement: ``"SPREAD"`` copies over the instances, or ``"BINPACK"``, which fills one after
            the other. Default: SageMaker's own.
        data_cache: Whether image and weights are kept on an instance for the next copy.
            Default: SageMaker's own, on for types with more than 232 GiB of local storage.
        roll_out: How an update reaches the copies: ``RollOut.rolling(…)``, whose instances are
            copies here. Default: SageMaker's own.
        name: Name of the component, at most 63 lower-case letters, digits and hyphens. One that
            is moved needs another. Default: made from the construct's path.

    Raises:
        TypeError: A number is no whole number, or *endpoint* is no SharedEndpoint.
        ValueError: A number is out of its range, the name can be none, or the roll-out is not
            rolling.
    """

    openai: ClassVar[bool] = True
    patience: ClassVar[float] = 780

    endpoint: SharedEndpoint
    copies: int = 1
    accelerators: int | None = None
    cpus: float | None = None
    memory_mib: int = 1024
    max_memory_mib: int | None = None
    startup_timeout: Duration | None = None
    download_timeout: Duration | None = None
    placement: str | None = None
    data_cache: bool | None = None
    roll_out: RollOut | None = None
    name: str | None = None

    def __post_init__(self) -> None:
        _check_endpoint(self.endpoint)
        check_between("copies", self.copies, 1, _MOST)
        check_between("accelerators", self.accelerators, 1, _MOST)
        check_between("memory_mib", self.memory_mib, _LEAST_MEMORY_MIB, _MOST * 1024, "MiB")
        check_between("max_memory_mib", self.max_memory_mib, self.memory_mib, _MOST * 1024, "MiB")
        check_duration("startup_timeout", self.startup_timeout, 60, 3600)
        check_duration("download_timeout", self.download_timeout, 60, 3600)
        check_choice("placement", self.placement, _PLACEMENTS)
        check_component_roll_out(self.roll_out)
        _check_cpus(self.cpus)
        check_component_name(self.name)

    @property
    def can_be_probed(self) -> bool:
        """Whether its roll-out waits anywhere."""
        return self.roll_out is not None and self.roll_out.watches

    @property
    def instance_options(self) -> Hosting:
        """What was said of the endpoint's instances."""
        return self.endpoint.instances.hosting

    @property
    def gpus(self) -> int | None:
        """GPUs that each copy gets, where that was said."""
        return self.accelerators

    @property
    def devices(self) -> int | None:
        """Accelerators that each copy gets; None on an instance without, or of unknown type."""
        return self.accelerators or self.endpoint.instances.devices or None

    def place(self, scope: Construct, options: EndpointOptions) -> Place:  # noqa: ARG002
        """Return the endpoint's place: its network and its role, which all models share.

        Raises:
            ValueError: The model's options are the shared endpoint's to say, or the instance
                types differ.
        """
        _refuse(options)
        self.endpoint.instances.check_type(options.instance_type)
        # What the place itself takes was granted to the role when the endpoint was made.
        return replace(
            self.endpoint.instances.place, model_vpc=None, key_arn=None, logs=(), statements=()
        )

    def serve(
        self,
        scope: Construct,
        model: VariantModel,
        bound: BoundHosting,  # noqa: ARG002
        place: Place,  # noqa: ARG002
    ) -> Serving:
        """Make the component."""
        self.endpoint.instances.take_on(model.image, (self.devices or 0) * self.copies)
        component = sagemaker.CfnInferenceComponent(
            scope,
            f"Component{self._salt()}",
            endpoint_name=self.endpoint.endpoint_name,
            variant_name=VARIANT_NAME,
            specification=self._specification(model),
            runtime_config=sagemaker.CfnInferenceComponent.InferenceComponentRuntimeConfigProperty(
                copy_count=self.copies
            ),
            deployment_config=component_roll_out(self.roll_out) if self.roll_out else None,
        )
        component.inference_component_name = self.name or unique_name(component)
        if self.placement is not None:
            # CloudFormation requires both members, the API the first alone.
            scheduling = {
                "PlacementStrategy": self.placement,
                "AvailabilityZoneBalance": {"EnforcementMode": "PERMISSIVE"},
            }
            component.add_property_override("Specification.SchedulingConfig", scheduling)
        if self.data_cache is not None:
            # The oldest aws-cdk-lib that the library works with has no name for it.
            path = "Specification.DataCacheConfig.EnableCaching"
            component.add_property_override(path, self.data_cache)
        return replace(self.endpoint.instances.serving, component=component)

    def roll_back_on(self, serving: Serving, alarm_names: Sequence[str]) -> None:
        """Have alarms roll an update of the component back; alone, they watch it for 10 minutes."""
        if serving.component is not None:
            serving.component.deployment_config = component_roll_out(self.roll_out, alarm_names)

    def published_metrics(self) -> frozenset[str]:
        """Return those of the requests to one component, and of what it uses of the instances."""
        return COMPONENTS | COMPONENT_HOSTS

    def scalable(self, instance: InstanceSpec | None) -> Scalable:  # noqa: ARG002
        """Return the number of copies, which may be 0 while nobody asks."""
        metrics = "SAGEMAKER_INFERENCE_COMPONENT_"
        return Scalable(
            dimension=COPIES,
            lowest=0,
            paid_at_zero=self.endpoint.instances.paid_at_zero,
            wake_up=WakeUp("NoCapacityInvocationFailures", "Sum", 60),
            metrics={
                "scale_on_invocations": f"{metrics}INVOCATIONS_PER_COPY",
                "scale_on_concurrency": f"{metrics}CONCURRENT_REQUESTS_PER_COPY_HIGH_RESOLUTION",
            },
            why_not="an inference component has no queue and no provisioned concurrency; use "
            "scale_on_concurrency, scale_on_invocations or scale_on_metric",
        )

    def _specification(
        self, model: VariantModel
    ) -> sagemaker.CfnInferenceComponent.InferenceComponentSpecificationProperty:
        properties = sagemaker.CfnInferenceComponent
        startup, download = timeouts_of(model, self.startup_timeout, self.download_timeout)
        return properties.InferenceComponentSpecificationProperty(
            model_name=model.model_name,
            compute_resource_requirements=(
                properties.InferenceComponentComputeResourceRequirementsProperty(
                    min_memory_required_in_mb=self.memory_mib,
                    max_memory_required_in_mb=self.max_memory_mib,
                    number_of_accelerator_devices_required=self.devices,
                    number_of_cpu_cores_required=self.cpus,
                )
            ),
            startup_parameters=properties.InferenceComponentStartupParametersProperty(
                container_startup_health_check_timeout_in_seconds=startup,
                model_data_download_timeout_in_seconds=download,
            ),
        )

    def _salt(self) -> str:
        """Return what changes when a new component is needed.

        CloudFormation believes that endpoint and name can be changed in place, but
        ``UpdateInferenceComponent`` takes neither.
        """
        return digest(self.endpoint.instances.identity, self.name or "")


def digest(*identity: str) -> str:
    """Return a few digits that tell one identity from another."""
    return sha256("\n".join(identity).encode()).hexdigest()[:_SALT].upper()


def name_of_component(component: sagemaker.CfnInferenceComponent) -> str:
    """Return a component's name, in a form that whatever uses it is deleted before it."""
    return Fn.select(1, Fn.split("/", component.ref))


def _check_endpoint(endpoint: object) -> None:
    from sagemaker_model.shared_endpoint import SharedEndpoint

    if not isinstance(endpoint, SharedEndpoint):
        raise TypeError(
            f"endpoint must be a SharedEndpoint, got {endpoint!r}; a model with an endpoint of its "
            "own takes no components"
        )


def _check_cpus(cpus: float | None) -> None:
    # CDK writes a number that only CloudFormation knows as a huge negative one.
    if cpus is not None and cpus < _LEAST_CPUS and not Token.is_unresolved(cpus):
        raise ValueError(
            f"cpus must be {_LEAST_CPUS} or more, got {cpus}; leave it out to reserve none"
        )


def check_component_name(name: str | None) -> None:
    """Raise ``ValueError`` for a name that SageMaker would refuse, or that an ARN changes."""
    if name is None or is_token(name):
        return
    if not _NAME.fullmatch(name) or len(name) > MAX_NAME:
        raise ValueError(
            f"name must be 1 to {MAX_NAME} lower-case letters, digits and hyphens, with a letter "
            f"or digit at both ends, got {name!r}; leave it out to have one made up"
        )


def _refuse(options: EndpointOptions) -> None:
    """Refuse what the instances have, which the model shares with others."""
    shared = (
        "endpoint_name",
        "role",
        "encryption_key",
        "vpc",
        "vpc_subnets",
        "security_groups",
    )
    for name in shared:
        if getattr(options, name) is not None:
            raise ValueError(
                f"{name} can't be given to a model that lies on a SharedEndpoint, as all models "
                f"on it share one; give {name}= to the SharedEndpoint"
            )
