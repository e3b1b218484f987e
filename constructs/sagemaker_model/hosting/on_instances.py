"""What all hosting on instances has in common: how many, of which kind, and how they start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import Duration, Token
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from sagemaker_model.hosting.hosting import BoundHosting, VariantModel
from sagemaker_model.hosting.inference_ami import choose_inference_ami
from sagemaker_model.hosting.instance_choice import (
    capacity_reservation,
    check_instance_pools,
    check_reservation,
    instance_pools,
)
from sagemaker_model.hosting.limits import (
    check_between,
    check_choice,
    check_duration,
    check_whole,
    seconds_of,
)
from sagemaker_model.hosting.names import VARIANT_NAME
from sagemaker_model.hosting.own_endpoint import OwnEndpoint
from sagemaker_model.hosting.roll_out import RollOut
from sagemaker_model.hosting.s3_folder import S3Folder
from sagemaker_model.hosting.timeouts import timeouts_of
from sagemaker_model.permissions import Statement, allow

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

AUTOMATIC = "automatic"
"""The library chooses: by the image's CUDA version and the instance."""

VARIANT = "ProductionVariants.0"
"""Path of the one variant in the endpoint configuration."""

_FREQUENCIES = (10, 30, 60, 120, 180, 240, 300)  # MetricPublishFrequencyInSeconds


@dataclass(frozen=True, slots=True, kw_only=True)
class OnInstances(OwnEndpoint):
    """Serve a model on instances; the arguments are told at the classes that extend this one."""

    initial_instance_count: int = 1
    startup_timeout: Duration | None = None
    download_timeout: Duration | None = None
    volume_size_gib: int | None = None
    inference_ami_version: str | None = AUTOMATIC
    instance_pools: Sequence[str] = ()
    provision_timeout: Duration | None = None
    capacity_reservation_arn: str | None = None
    enhanced_metrics: bool | None = None
    metric_frequency: Duration | None = None
    ssm_access: bool = False
    core_dump: str | None = None
    core_dump_key: kms.IKey | None = None
    roll_out: RollOut | None = None

    def __post_init__(self) -> None:
        _check_count(self.initial_instance_count)
        check_duration("startup_timeout", self.startup_timeout, 60, 3600)
        check_duration("download_timeout", self.download_timeout, 60, 3600)
        check_duration("provision_timeout", self.provision_timeout, 300, 3600)
        check_between("volume_size_gib", self.volume_size_gib, 1, 512, "GiB")
        check_instance_pools(self.instance_pools)
        check_reservation(self.capacity_reservation_arn, self.instance_pools)
        _check_frequency(self.metric_frequency)
        _check_core_dump(self.core_dump, self.core_dump_key)

    def production_variant(
        self, model: VariantModel, *, name: str = VARIANT_NAME, weight: float = 1
    ) -> sagemaker.CfnEndpointConfig.ProductionVariantProperty:
        """Return the variant; what was left out is chosen by the model's size and image."""
        startup, download = timeouts_of(model, self.startup_timeout, self.download_timeout)
        return sagemaker.CfnEndpointConfig.ProductionVariantProperty(
            variant_name=name,
            model_name=model.model_name,
            instance_type=None if self.instance_pools else model.instance_type,
            initial_instance_count=self.initial_instance_count,
            initial_variant_weight=weight,
            container_startup_health_check_timeout_in_seconds=startup,
            model_data_download_timeout_in_seconds=download,
            capacity_reservation_config=capacity_reservation(self.capacity_reservation_arn),
            enable_ssm_access=self.ssm_access or None,
            volume_size_in_gb=self.volume_size_gib,
            inference_ami_version=self._inference_ami(model),
        )

    def bind(self, scope: Construct, instance_type: str) -> BoundHosting:  # noqa: ARG002
        """Say what the role must be allowed, and what no aws-cdk-lib of old has a name for."""
        return BoundHosting(
            statements=tuple(self._statements()),
            overrides={
                **self._metrics(),
                **self._core_dump_config(),
                **self._provisioning(instance_type),
            },
        )

    def deployment_config(
        self, alarm_names: Sequence[str]
    ) -> sagemaker.CfnEndpoint.DeploymentConfigProperty | None:
        """Return how an update is rolled out; alarms alone watch it for 10 minutes."""
        if self.roll_out is not None:
            return self.roll_out.bind(alarm_names)
        if not alarm_names:
            return None
        return RollOut.all_at_once(bake=Duration.minutes(10)).bind(alarm_names)

    def _inference_ami(self, model: VariantModel) -> str | None:
        if self.inference_ami_version == AUTOMATIC:
            return choose_inference_ami(model.image, model.instance)
        return self.inference_ami_version

    def _statements(self) -> Iterator[Statement]:
        if self.core_dump is not None:
            folder = S3Folder.parse("core_dump", self.core_dump)
            yield from folder.write("WriteCoreDumps", self.core_dump_key)
        if self.ssm_access:
            yield _SESSIONS

    def _metrics(self) -> Mapping[str, object]:
        """Return the settings of the metrics; SageMaker's own where nothing was given."""
        given = {
            "EnableEnhancedMetrics": self.enhanced_metrics,
            "MetricPublishFrequencyInSeconds": seconds_of(self.metric_frequency),
        }
        return {f"MetricsConfig.{key}": value for key, value in given.items() if value is not None}

    def _provisioning(self, instance_type: str) -> Mapping[str, object]:
        given = {
            "InstancePools": instance_pools(instance_type, self.instance_pools),
            "VariantInstanceProvisionTimeoutInSeconds": seconds_of(self.provision_timeout),
        }
        return {f"{VARIANT}.{key}": value for key, value in given.items() if value is not None}

    def _core_dump_config(self) -> Mapping[str, object]:
        if self.core_dump is None:
            return {}
        path = f"{VARIANT}.CoreDumpConfig"
        config = {f"{path}.DestinationS3Uri": S3Folder.parse("core_dump", self.core_dump).uri}
        if self.core_dump_key is not None:
            config[f"{path}.KmsKeyId"] = self.core_dump_key.key_arn
        return config


# "Access containers through SSM" (ssm-access) lists these; sessions know no resources.
_SESSIONS = allow(
    "OpenSessions",
    [
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
    ],
    ["*"],
)


def _check_count(count: int) -> None:
    check_whole("initial_instance_count", count)
    # CDK writes a number that only CloudFormation knows as a huge negative one.
    if count < 1 and not Token.is_unresolved(count):
        raise ValueError(
            f"initial_instance_count must be 1 or more, got {count}; an endpoint begins with an "
            "instance: delete the stack to have none"
        )


def _check_frequency(frequency: Duration | None) -> None:
    if frequency is not None and not frequency.is_unresolved():
        check_choice("metric_frequency in seconds", frequency.to_seconds(), _FREQUENCIES)


def _check_core_dump(path: str | None, key: kms.IKey | None) -> None:
    if path is not None:
        S3Folder.parse("core_dump", path)
    elif key is not None:
        raise ValueError(
            "core_dump_key encrypts core dumps, but core_dump is not given; give the folder for "
            "them, or leave the key out"
        )
