"""The instances that several models share: what they are, and what lies on them."""

from __future__ import annotations

from dataclasses import dataclass, field

from aws_cdk import Token

from sagemaker_model.hosting.hosting import Place, Serving
from sagemaker_model.hosting.inference_ami import choose_inference_ami
from sagemaker_model.hosting.on_instances import AUTOMATIC, VARIANT
from sagemaker_model.hosting.real_time import RealTime
from sagemaker_model.image.bound_image import BoundImage
from sagemaker_model.instance.table import InstanceSpec
from sagemaker_model.tokens import is_token


@dataclass(slots=True, kw_only=True)
class SharedInstances:
    """The instances of one endpoint, and what its models take of them.

    Args:
        instance_type: Their type.
        instance: What the table knows of it; None where that is nothing.
        least: The least number of instances.
        most: The largest.
        hosting: What else was said of them.
        place: Where all containers run, and as whom.
        serving: The endpoint and its configuration.
        identity: What tells the endpoint from others; a new one for a new endpoint.
        taken: Accelerators that the copies take at first, of all models so far.
    """

    instance_type: str
    instance: InstanceSpec | None
    least: int
    most: int
    hosting: RealTime
    place: Place
    serving: Serving
    identity: str
    taken: int = 0
    _host_image: str | None = field(default=None, init=False)

    @property
    def devices(self) -> int | None:
        """GPUs, or Neuron devices, of each instance; None where the type is not known."""
        instance = self.instance
        return None if instance is None else instance.gpus or instance.neuron_devices

    @property
    def all_devices(self) -> int | None:
        """Accelerators of all instances together; None where that is not known."""
        if self.devices is None or Token.is_unresolved(self.most):
            return None
        return self.devices * self.most

    @property
    def paid_at_zero(self) -> int:
        """Instances that are kept while nothing lies on them, as far as their number is known."""
        return 0 if Token.is_unresolved(self.least) else self.least

    def take_on(self, image: BoundImage | None, devices: int) -> None:
        """Let a model lie on the instances.

        Args:
            image: Its container's image; None for a model package.
            devices: Accelerators that its copies take at first.

        Raises:
            ValueError: Its container needs another host image than those that lie there already.
        """
        self.taken += devices
        chosen = choose_inference_ami(image, self.instance)
        if self.hosting.inference_ami_version != AUTOMATIC or chosen in {None, self._host_image}:
            return
        if self._host_image is not None:
            raise ValueError(
                f"container needs the host image {chosen}, but what lies on this SharedEndpoint "
                f"already needs {self._host_image}, and an instance has one; put models for CUDA "
                "12 and CUDA 13 on two SharedEndpoints, or say which host image both get: "
                "hosting=RealTime(inference_ami_version=…)"
            )
        self._host_image = chosen
        self.serving.config.add_property_override(f"{VARIANT}.InferenceAmiVersion", chosen)

    def check_type(self, instance_type: str) -> None:
        """Raise for a model that is made for other instances; tokens pass.

        Raises:
            ValueError: *instance_type* is another.
        """
        known = not is_token(instance_type) and not is_token(self.instance_type)
        if known and instance_type != self.instance_type:
            raise ValueError(
                f"instance_type must be that of the SharedEndpoint, {self.instance_type!r}, on "
                f"whose instances the model lies, got {instance_type!r}; write one for both"
            )
