"""Scaling an endpoint by what it is asked, by what waits, or by the clock."""

from __future__ import annotations

from typing import Unpack

from aws_cdk import aws_applicationautoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from constructs import Construct

from sagemaker_model.hosting.scalable import Scalable, TrackingOptions
from sagemaker_model.hosting.schedules import Schedules
from sagemaker_model.metrics import Publisher, metric_of
from sagemaker_model.permissions import account, partition

# "Service-linked roles for Application Auto Scaling", Application Auto Scaling user guide.
_ROLE = (
    "role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/"
    "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"
)


class Scaling(Schedules):
    """Change the number of instances, or the provisioned concurrency, with the load.

    ``model.auto_scale(…)`` makes it. Where several policies are set, the one that asks for the
    most wins.

    Args:
        scope: The model.
        id: Its name in *scope*.
        publisher: What is scaled, and publishes the metrics that it is scaled by.
        scalable: What of it is scaled.
        min_capacity: The least capacity.
        max_capacity: The largest capacity.
        detached: Whether nothing is made, so that the instance type can be changed. Default: it
            is made.

    Raises:
        TypeError: A capacity is no whole number.
        ValueError: A capacity is out of range.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's name
        *,
        publisher: Publisher,
        scalable: Scalable,
        min_capacity: int,
        max_capacity: int,
        detached: bool = False,
    ) -> None:
        scalable.check_capacities(min_capacity, max_capacity)
        super().__init__(scope, id)
        self._publisher = publisher
        self._scalable = scalable
        self._used: set[str] = set()
        self._target = None if detached else self._make_target(min_capacity, max_capacity)
        self._bounds = (min_capacity, max_capacity)
        if min_capacity == 0:
            self._reach_zero(wakes=True)

    @property
    def target(self) -> autoscaling.ScalableTarget | None:
        """The scalable target, to add what no method does; None while it is detached."""
        return self._target

    def scale_on_invocations(
        self, requests_per_minute: float, **options: Unpack[TrackingOptions]
    ) -> None:
        """Keep the requests that each instance gets near a number.

        Args:
            requests_per_minute: Requests per instance and minute.
            **options: ``scale_in_cooldown``, ``scale_out_cooldown`` (``Duration``, 5 minutes) and
                ``disable_scale_in``.

        Raises:
            ValueError: This kind of hosting has no such metric, or the method was called before.
        """
        metric = self._metric("scale_on_invocations")
        self._track("Invocations", metric, requests_per_minute, options)

    def scale_on_concurrency(
        self, requests_per_instance: float, **options: Unpack[TrackingOptions]
    ) -> None:
        """Keep the requests that each instance works on at once near a number.

        Requests that wait in the container count as well. The metric is measured every 10
        seconds, so capacity is added within a minute; it fits models that take long to answer, as
        those do that write text. Capacity is taken away after 15 idle minutes.

        Args:
            requests_per_instance: Requests at once per instance.
            **options: ``scale_in_cooldown``, ``scale_out_cooldown`` (``Duration``, 5 minutes) and
                ``disable_scale_in``.

        Raises:
            ValueError: This kind of hosting has no such metric, or the method was called before.
        """
        metric = self._metric("scale_on_concurrency")
        self._track("Concurrency", metric, requests_per_instance, options)

    def scale_on_utilization(self, utilization: float, **options: Unpack[TrackingOptions]) -> None:
        """Keep the share of the provisioned concurrency that is in use near a number.

        Args:
            utilization: Share in use, above 0 and up to 1.
            **options: ``scale_in_cooldown``, ``scale_out_cooldown`` (``Duration``, 5 minutes) and
                ``disable_scale_in``.

        Raises:
            ValueError: This kind of hosting has no such metric, the method was called before, or
                *utilization* is out of range.
        """
        metric = self._metric("scale_on_utilization")
        if not 0 < utilization <= 1:
            raise ValueError(
                f"utilization must be above 0 and at most 1, got {utilization}; write 70 percent "
                "as 0.7"
            )
        self._track("Utilization", metric, utilization, options)

    def scale_on_backlog(
        self, requests_per_instance: float, **options: Unpack[TrackingOptions]
    ) -> None:
        """Keep the requests that wait in the queue, per instance, near a number.

        Args:
            requests_per_instance: Waiting requests per instance.
            **options: ``scale_in_cooldown``, ``scale_out_cooldown`` (``Duration``, 5 minutes) and
                ``disable_scale_in``.

        Raises:
            ValueError: This kind of hosting has no such metric, or the method was called before.
        """
        name = self._metric("scale_on_backlog")
        self._track("Backlog", metric_of(self._publisher, name, {}), requests_per_instance, options)

    def scale_on_metric(
        self,
        id: str,  # noqa: A002 - CDK's name
        metric: cloudwatch.IMetric,
        target_value: float,
        **options: Unpack[TrackingOptions],
    ) -> None:
        """Keep any metric near a number, such as ``model.metric_gpu_utilization()`` near 60.

        Args:
            id: The policy's name.
            metric: A metric that falls as capacity rises.
            target_value: The number, in the metric's unit.
            **options: ``scale_in_cooldown``, ``scale_out_cooldown`` (``Duration``, 5 minutes) and
                ``disable_scale_in``.

        Raises:
            ValueError: There is something of this name already.
        """
        self._track(id, metric, target_value, options)

    def _make_target(self, low: int, high: int) -> autoscaling.ScalableTarget:
        arn = f"arn:{partition()}:iam::{account()}:{_ROLE}"
        return autoscaling.ScalableTarget(
            self,
            "Target",
            service_namespace=autoscaling.ServiceNamespace.SAGEMAKER,
            resource_id=self._scalable.resource_id(self._publisher.name),
            scalable_dimension=self._scalable.dimension,
            min_capacity=low,
            max_capacity=high,
            # Without one, CDK makes a role that nothing uses.
            role=iam.Role.from_role_arn(self, "Role", arn, mutable=False),
        )

    def _metric(self, method: str) -> str:
        metric = self._scalable.metrics.get(method)
        if metric is None:
            raise ValueError(f"{method} can't be used here: {self._scalable.why_not}")
        return metric

    def _track(
        self,
        id_: str,
        metric: str | cloudwatch.IMetric,
        target_value: float,
        options: TrackingOptions,
    ) -> None:
        if target_value <= 0:
            raise ValueError(f"the target of {id_} must be above 0, got {target_value}")
        self._use(id_)
        if self._target is None:
            return
        if isinstance(metric, str):
            predefined = autoscaling.PredefinedMetric[metric]
            self._target.scale_to_track_metric(
                id_, target_value=target_value, predefined_metric=predefined, **options
            )
        else:
            self._target.scale_to_track_metric(
                id_, target_value=target_value, custom_metric=metric, **options
            )
