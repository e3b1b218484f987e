"""What every way of serving a model can be asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from aws_cdk import aws_sagemaker as sagemaker

from sagemaker_model.image.bound_image import BoundImage
from sagemaker_model.instance.table import InstanceSpec

VARIANT_NAME = "AllTraffic"
"""Name of the one production variant; never derived from anything, as an update must keep it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantModel:
    """What hosting must know of the model it serves.

    Args:
        model_name: Name of the SageMaker model (a token).
        instance_type: Instance type.
        image: The container's image; None for a model package.
        instance: What the table knows of the instance type; None where that is nothing.
        size_gib: Size of the weights, as far as it is known.
        downloads: Whether the container downloads the weights itself.
    """

    model_name: str
    instance_type: str
    image: BoundImage | None = None
    instance: InstanceSpec | None = None
    size_gib: float | None = None
    downloads: bool = False


class Hosting(ABC):
    """How a model is served."""

    @abstractmethod
    def production_variant(
        self, model: VariantModel
    ) -> sagemaker.CfnEndpointConfig.ProductionVariantProperty:
        """Return the one production variant of the endpoint configuration."""
