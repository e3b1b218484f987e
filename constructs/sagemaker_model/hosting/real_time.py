"""Real-time hosting: instances that are always on and answer at once."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Duration, Token
from aws_cdk import aws_sagemaker as sagemaker

from sagemaker_model.hosting.hosting import VARIANT_NAME, Hosting, VariantModel
from sagemaker_model.hosting.inference_ami import choose_inference_ami
from sagemaker_model.hosting.timeouts import timeouts_for

AUTOMATIC = "automatic"
"""The library chooses: by the image's CUDA version and the instance."""

_VOLUME_GIB = (1, 512)
_TIMEOUT_SECONDS = (60, 3600)


@dataclass(frozen=True, slots=True, kw_only=True)
class RealTime(Hosting):
    """Serve the model on instances that are always on.

    Limits are those of ``ProductionVariant`` in the SageMaker API reference.

    Args:
        initial_instance_count: Number of instances, 1 or more. Default: 1. To have none, delete
            the endpoint: a real-time endpoint can't be empty.
        startup_timeout: How long a container may take from its start until it answers
            ``/ping``, 60 seconds to 1 hour. Default: grows with the model where its size is
            known from its id or its files, and is longer where the container downloads the
            weights itself.
        download_timeout: How long SageMaker may take to copy the model's files from S3, 60
            seconds to 1 hour. Default: grows with the model likewise.
        volume_size_gib: Size of the instance's storage volume in GiB, 1 to 512; only for
            instance types without local NVMe storage. Default: SageMaker's own.
        inference_ami_version: Host image, which decides the GPU driver. Default: the one that
            fits the container's CUDA version. None leaves it to SageMaker.

    Raises:
        TypeError: The number of instances is no whole number.
        ValueError: A number is out of its range.
    """

    initial_instance_count: int = 1
    startup_timeout: Duration | None = None
    download_timeout: Duration | None = None
    volume_size_gib: int | None = None
    inference_ami_version: str | None = AUTOMATIC

    def __post_init__(self) -> None:
        _check_count(self.initial_instance_count)
        _check_timeout("startup_timeout", self.startup_timeout)
        _check_timeout("download_timeout", self.download_timeout)
        low, high = _VOLUME_GIB
        if self.volume_size_gib is not None and not low <= self.volume_size_gib <= high:
            raise ValueError(
                f"volume_size_gib must be between {low} and {high} GiB, got {self.volume_size_gib}"
            )

    def production_variant(
        self, model: VariantModel
    ) -> sagemaker.CfnEndpointConfig.ProductionVariantProperty:
        """Return the variant; what was left out is chosen by the model's size and image."""
        timeouts = timeouts_for(
            size_gib=model.size_gib,
            downloads=model.downloads,
            compiles=model.image is not None and model.image.compiles,
        )
        return sagemaker.CfnEndpointConfig.ProductionVariantProperty(
            variant_name=VARIANT_NAME,
            model_name=model.model_name,
            instance_type=model.instance_type,
            initial_instance_count=self.initial_instance_count,
            initial_variant_weight=1,
            container_startup_health_check_timeout_in_seconds=_seconds(
                self.startup_timeout, timeouts.startup
            ),
            model_data_download_timeout_in_seconds=_seconds(
                self.download_timeout, timeouts.download
            ),
            volume_size_in_gb=self.volume_size_gib,
            inference_ami_version=self._inference_ami(model),
        )

    def _inference_ami(self, model: VariantModel) -> str | None:
        if self.inference_ami_version == AUTOMATIC:
            return choose_inference_ami(model.image, model.instance)
        return self.inference_ami_version


def _seconds(given: Duration | None, default: int) -> int | float:
    return default if given is None else given.to_seconds()


def _check_count(count: int) -> None:
    if isinstance(count, bool) or not isinstance(count, int | float) or count != int(count):
        raise TypeError(f"initial_instance_count must be a whole number, got {count!r}")
    # CDK writes a number that only CloudFormation knows as a huge negative one.
    if count < 1 and not Token.is_unresolved(count):
        raise ValueError(
            f"initial_instance_count must be 1 or more, got {count}; a real-time endpoint always "
            "has an instance: delete the stack to have none"
        )


def _check_timeout(name: str, value: Duration | None) -> None:
    if value is None or value.is_unresolved():
        return
    low, high = _TIMEOUT_SECONDS
    seconds = value.to_seconds()
    if not low <= seconds <= high:
        raise ValueError(
            f"{name} must be between {low} seconds and 1 hour, got {seconds:g} seconds"
        )
