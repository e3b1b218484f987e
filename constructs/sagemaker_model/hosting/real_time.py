"""Real-time hosting: instances that are always on and answer at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from constructs import Construct

from sagemaker_model.hosting.data_capture import DataCapture
from sagemaker_model.hosting.hosting import BoundHosting
from sagemaker_model.hosting.on_instances import VARIANT, OnInstances
from sagemaker_model.hosting.routing import check_routing, routing_config
from sagemaker_model.hosting.scalable import INSTANCES, Scalable, refuse_burstable
from sagemaker_model.hosting.shadow import Shadow
from sagemaker_model.instance.table import InstanceSpec, try_find_instance
from sagemaker_model.metric_names import HOSTS, REAL_TIME


@dataclass(frozen=True, slots=True, kw_only=True)
class RealTime(OnInstances):
    """Serve the model on instances that are always on.

    Limits are those of ``ProductionVariant`` and ``MetricsConfig`` in the SageMaker API
    reference.

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
        instance_pools: Up to 4 further instance types, tried in this order where the one before
            has no capacity. Default: none, the deployment's own alone.
        provision_timeout: How long SageMaker looks for capacity, 5 minutes to 1 hour, before it
            gives up. Default: SageMaker's own.
        capacity_reservation_arn: ML capacity reservation that instances are launched into, and
            nowhere else. Default: none.
        enhanced_metrics: Whether metrics are told apart by instance. Default: SageMaker's own,
            they are not.
        metric_frequency: How often metrics are published: 10, 30, 60, 120, 180, 240 or 300
            seconds. Default: SageMaker's own, 60 seconds.
        ssm_access: Whether a shell in the container can be opened by Systems Manager, for which
            AWS Support must have admitted the account. Default: it can't.
        core_dump: Where core dumps of a crashed container go, as ``s3://bucket/folder``.
            Default: nowhere.
        core_dump_key: Key that core dumps are encrypted with. Default: S3's own for the account.
        roll_out: How an update reaches the instances. Default: SageMaker's own, all at once by a
            second fleet.
        routing: Which instance a request goes to: ``"LEAST_OUTSTANDING_REQUESTS"``,
            ``"RANDOM"``, or ``"PREFIX_AWARE"``, where requests that begin alike meet a warm
            cache. Default: SageMaker's own, at random.
        routing_prefix_length: How much of a request is compared, 1024 to 65536 bytes; for
            ``"PREFIX_AWARE"``, which needs it. Default: none.
        routing_concurrency_threshold: Requests that an instance works on, 1 to 1024, before
            another gets those that begin alike; for ``"PREFIX_AWARE"``, which needs it.
            Default: none.
        data_capture: What is written down of requests and answers. Default: nothing.
        shadow: A model that gets copies of the requests, and whose answers are dropped.
            Default: none.

    Raises:
        TypeError: A number is no whole number, or *shadow* is no Shadow.
        ValueError: A number is out of its range, or arguments exclude each other.
    """

    endpoint_id: ClassVar[str] = "Endpoint"

    openai: ClassVar[bool] = True

    routing: str | None = None
    routing_prefix_length: int | None = None
    routing_concurrency_threshold: int | None = None
    data_capture: DataCapture | None = None
    shadow: Shadow | None = None

    def __post_init__(self) -> None:
        OnInstances.__post_init__(self)
        check_routing(self.routing, self.routing_prefix_length, self.routing_concurrency_threshold)
        if self.shadow is not None and not isinstance(self.shadow, Shadow):
            raise TypeError(
                f"shadow must be a Shadow, got {self.shadow!r}; write shadow=Shadow(model=…)"
            )

    @property
    def can_be_probed(self) -> bool:
        """Whether its roll-out waits anywhere."""
        return self.roll_out is not None and self.roll_out.watches

    def bind(self, scope: Construct, instance_type: str) -> BoundHosting:
        """Make the bucket for what is captured, unless there is one."""
        bound = OnInstances.bind(self, scope, instance_type)
        if self.routing is not None:
            config = routing_config(
                self.routing, self.routing_prefix_length, self.routing_concurrency_threshold
            )
            overrides = {**bound.overrides, f"{VARIANT}.RoutingConfig": config}
            bound = replace(bound, overrides=overrides)
        if self.data_capture is None:
            return bound
        captured = self.data_capture.bind(scope)
        return replace(
            bound,
            bucket=captured.bucket,
            data_capture=captured.data_capture,
            statements=(*bound.statements, *captured.statements),
        )

    def published_metrics(self) -> frozenset[str]:
        """Return those of requests that are answered at once, and of the instances."""
        return REAL_TIME | HOSTS

    def scalable(self, instance: InstanceSpec | None) -> Scalable:
        """Return the number of instances, which can't be 0: that takes inference components.

        Raises:
            ValueError: The instance type is burstable.
        """
        refuse_burstable([instance, *map(try_find_instance, self.instance_pools)])
        return Scalable(
            dimension=INSTANCES,
            lowest=1,
            metrics={
                "scale_on_invocations": "SAGEMAKER_VARIANT_INVOCATIONS_PER_INSTANCE",
                "scale_on_concurrency": (
                    "SAGEMAKER_VARIANT_CONCURRENT_REQUESTS_PER_MODEL_HIGH_RESOLUTION"
                ),
            },
            never_zero="a real-time endpoint always has an instance; lay the model on a "
            "SharedEndpoint(min_instances=0) by hosting=InferenceComponent(…), or use Asynchronous "
            "or Serverless",
            why_not="a real-time endpoint has no queue and no provisioned concurrency; use "
            "scale_on_concurrency, scale_on_invocations or scale_on_metric",
        )
