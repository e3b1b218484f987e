"""A second model that gets copies of the requests, and whose answers nobody sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import aws_sagemaker as sagemaker

from sagemaker_model.deployment.deployment import Deployment
from sagemaker_model.hosting.hosting import VariantModel
from sagemaker_model.hosting.limits import check_between, check_whole
from sagemaker_model.hosting.on_instances import AUTOMATIC

if TYPE_CHECKING:
    from sagemaker_model.hosting.real_time import RealTime

SHADOW_NAME = "Shadow"
"""Name of the shadow's variant, as its metrics have it."""
_PERCENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """Try a model on real requests before it serves: it gets copies, and its answers are dropped.

    It runs on instances of its own, beside those of the model that answers, under the same role
    and in the same network. What it did is told by its metrics, whose variant is named ``Shadow``,
    and by captured data. Source: "Testing models with shadow variants" (model-shadow-deployment).

    Args:
        model: What is tried: a ``ModelPackage``, a ``Container`` or a ``CustomInference``, with
            the instance type that it runs on.
        initial_instance_count: Number of instances, 1 or more. Default: 1.
        sampling_percentage: How many of the requests are copied, 1 to 100 percent. Default: all.
        inference_ami_version: Host image, as for ``RealTime``. Default: the one that fits the
            container's CUDA version. None leaves it to SageMaker.

    Raises:
        TypeError: *model* is no deployment, or a number is no whole number.
        ValueError: A number is out of its range.
    """

    model: Deployment
    initial_instance_count: int = 1
    sampling_percentage: int = 100
    inference_ami_version: str | None = AUTOMATIC

    def __post_init__(self) -> None:
        if not isinstance(self.model, Deployment):
            raise TypeError(
                "model of a Shadow must be a ModelPackage, a Container or a CustomInference, got "
                f"{self.model!r}"
            )
        check_whole("sampling_percentage", self.sampling_percentage)
        check_between("sampling_percentage", self.sampling_percentage, 1, _PERCENT, "percent")
        _ = self.hosting

    @property
    def hosting(self) -> RealTime:
        """The same as a way of serving, which checks it and makes its variant."""
        from sagemaker_model.hosting.real_time import RealTime

        return RealTime(
            initial_instance_count=self.initial_instance_count,
            inference_ami_version=self.inference_ami_version,
        )

    def production_variant(
        self, model: VariantModel
    ) -> sagemaker.CfnEndpointConfig.ProductionVariantProperty:
        """Return the shadow variant; its weight is a part of the other variant's, which is 1."""
        return self.hosting.production_variant(
            model, name=SHADOW_NAME, weight=self.sampling_percentage / _PERCENT
        )
