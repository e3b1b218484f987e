"""Serverless hosting: no instances; a container is started when a request comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aws_cdk import aws_sagemaker as sagemaker

from sagemaker_model.hosting.hosting import VariantModel
from sagemaker_model.hosting.limits import check_between, check_choice
from sagemaker_model.hosting.names import VARIANT_NAME
from sagemaker_model.hosting.own_endpoint import OwnEndpoint
from sagemaker_model.hosting.scalable import PROVISIONED_CONCURRENCY, Scalable
from sagemaker_model.instance.table import InstanceSpec
from sagemaker_model.metric_names import PROVISIONED, SERVERLESS

_MEMORY_MB = (1024, 2048, 3072, 4096, 5120, 6144)
_CONCURRENCY = (1, 200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Serverless(OwnEndpoint):
    """Serve the model without instances: it costs while it answers, and starts when it must.

    For small models on a CPU, with pauses. The first request after a pause waits until a
    container has started. Limits are those of ``ProductionVariantServerlessConfig`` in the
    SageMaker API reference; what it excludes is in "Deploy models with Amazon SageMaker Serverless
    Inference" (serverless-endpoints). The deployment's ``instance_type`` is not deployed to: it
    says for what kind of processor an image is chosen.

    Args:
        memory_mb: Memory of each container, which its processors grow with: 1024, 2048, 3072,
            4096, 5120 or 6144 MB. The model must fit into it.
        max_concurrency: Requests that are answered at once, 1 to 200; more get an error. An
            account has a quota for all its endpoints together. Default: 5.
        provisioned_concurrency: Containers that are kept warm, and paid for: 1 to
            *max_concurrency*. Default: none.

    Raises:
        TypeError: A number is no whole number.
        ValueError: A number is out of its range.
    """

    on_instances: ClassVar[bool] = False
    endpoint_id: ClassVar[str] = "ServerlessEndpoint"

    memory_mb: int
    max_concurrency: int = 5
    provisioned_concurrency: int | None = None

    def __post_init__(self) -> None:
        check_choice("memory_mb", self.memory_mb, _MEMORY_MB)
        check_between("max_concurrency", self.max_concurrency, *_CONCURRENCY, "requests")
        most = min(self.max_concurrency, _CONCURRENCY[1])
        check_between("provisioned_concurrency", self.provisioned_concurrency, 1, most)

    def production_variant(
        self, model: VariantModel
    ) -> sagemaker.CfnEndpointConfig.ProductionVariantProperty:
        """Return the variant."""
        return sagemaker.CfnEndpointConfig.ProductionVariantProperty(
            variant_name=VARIANT_NAME,
            model_name=model.model_name,
            initial_variant_weight=1,
            serverless_config=sagemaker.CfnEndpointConfig.ServerlessConfigProperty(
                memory_size_in_mb=self.memory_mb,
                max_concurrency=self.max_concurrency,
                provisioned_concurrency=self.provisioned_concurrency,
            ),
        )

    def deployment_config(
        self, alarm_names: Sequence[str]
    ) -> sagemaker.CfnEndpoint.DeploymentConfigProperty | None:
        """Return None: there is no fleet to be replaced.

        Raises:
            ValueError: Alarms are to roll it back. Deployment guardrails are for real-time and
                asynchronous endpoints ("Deployment guardrails", deployment-guardrails).
        """
        if alarm_names:
            raise ValueError(
                "roll_back_on can't be used with Serverless: SageMaker rolls back real-time and "
                "asynchronous endpoints only; leave it out, or serve by RealTime"
            )
        return None

    def published_metrics(self) -> frozenset[str]:
        """Return those of requests; there are no instances."""
        return SERVERLESS | PROVISIONED if self.provisioned_concurrency else SERVERLESS

    def scalable(self, instance: InstanceSpec | None) -> Scalable:  # noqa: ARG002 - has none
        """Return the provisioned concurrency; without it SageMaker scales by itself.

        Raises:
            ValueError: Nothing is provisioned.
        """
        if self.provisioned_concurrency is None:
            raise ValueError(
                "auto_scale changes the provisioned concurrency, and Serverless has none here; "
                "give provisioned_concurrency=, or leave auto_scale out, as SageMaker scales the "
                "rest by itself"
            )
        return Scalable(
            dimension=PROVISIONED_CONCURRENCY,
            lowest=1,
            highest=self.max_concurrency,
            metrics={
                "scale_on_utilization": "SAGEMAKER_VARIANT_PROVISIONED_CONCURRENCY_UTILIZATION"
            },
            never_zero="a serverless endpoint costs nothing while nobody asks, but for provisioned "
            "concurrency; leave that out, or give it other bounds by scale_on_schedule",
            why_not="a serverless endpoint has neither instances nor a queue; use "
            "scale_on_utilization or scale_on_metric",
        )
