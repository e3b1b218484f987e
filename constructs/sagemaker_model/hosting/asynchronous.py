"""Asynchronous hosting: requests lie in S3 and wait in a queue, answers are written to S3."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from sagemaker_model.hosting.hosting import BoundHosting
from sagemaker_model.hosting.limits import check_between
from sagemaker_model.hosting.on_instances import OnInstances
from sagemaker_model.hosting.s3_folder import S3Folder, make_bucket
from sagemaker_model.hosting.scalable import INSTANCES, Scalable, refuse_burstable
from sagemaker_model.hosting.wake_up import WakeUp
from sagemaker_model.instance.table import InstanceSpec, try_find_instance
from sagemaker_model.metric_names import ASYNCHRONOUS, HOSTS
from sagemaker_model.permissions import Statement, allow

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3
    from aws_cdk import aws_sns as sns

_CONCURRENT = (1, 1000)  # AsyncInferenceClientConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Asynchronous(OnInstances):
    """Serve the model from a queue: requests up to 1 GB that may take up to an hour.

    ``InvokeEndpointAsync`` names a request in S3; the answer, or the failure, is written to S3,
    and topics are told. ``model.auto_scale(min_capacity=0, …)`` has no instance while nothing
    waits. Limits are those of ``AsyncInferenceConfig`` in the SageMaker API reference, rights those
    of "Create an asynchronous endpoint" (async-inference-create-endpoint-prerequisites).

    Args:
        output_path: Where answers go, as ``s3://bucket/folder``. Default: ``output`` in a bucket
            made for it, which stays when the stack is deleted.
        failure_path: Where failures go, as ``s3://bucket/folder``. Default: ``failures`` in the
            bucket that is made; with *output_path*, nowhere.
        input_path: Where requests lie, as ``s3://bucket/folder``; the role may read them.
            Default: ``input`` in the bucket that is made; with *output_path*, nothing is granted,
            with a warning.
        encryption_key: Key of answers, failures and requests. Default: S3's own.
        success_topic: Topic that is told of each answer. Default: none.
        error_topic: Topic that is told of each failure. Default: none.
        include_response: Whether the topics get the answer itself where it is at most 128 KB.
            Default: they get its place.
        max_concurrent_invocations: Requests that one instance works on at once, 1 to 1000.
            Default: SageMaker chooses.
        initial_instance_count: Number of instances at first, 1 or more. Default: 1.
        startup_timeout: How long a container may take from its start until it answers
            ``/ping``, 60 seconds to 1 hour. Default: grows with the model where its size is
            known, and is longer where the container downloads the weights itself.
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

    Raises:
        TypeError: A number is no whole number.
        ValueError: A number is out of its range, a path is no S3 URI, or arguments exclude each
            other.
    """

    endpoint_id: ClassVar[str] = "AsynchronousEndpoint"
    patience: ClassVar[float] = 780

    output_path: str | None = None
    failure_path: str | None = None
    input_path: str | None = None
    encryption_key: kms.IKey | None = None
    success_topic: sns.ITopic | None = None
    error_topic: sns.ITopic | None = None
    include_response: bool = False
    max_concurrent_invocations: int | None = None

    def __post_init__(self) -> None:
        OnInstances.__post_init__(self)
        concurrent = self.max_concurrent_invocations
        check_between("max_concurrent_invocations", concurrent, *_CONCURRENT, "requests")
        for name in ("output_path", "failure_path", "input_path"):
            path = getattr(self, name)
            if path is not None:
                S3Folder.parse(name, path)
        if self.include_response and not (self.success_topic or self.error_topic):
            raise ValueError(
                "include_response=True puts answers into messages, but there is no topic; give "
                "success_topic or error_topic, or leave it out"
            )

    def bind(self, scope: Construct, instance_type: str) -> BoundHosting:
        """Make the bucket, unless there is one, and let the role use it and the topics."""
        bound = OnInstances.bind(self, scope, instance_type)
        made = None
        if self.output_path is None:
            made = make_bucket(scope, "AsyncData", self.encryption_key)
        output = _folder("output_path", self.output_path, made, "output")
        failures = _folder("failure_path", self.failure_path, made, "failures")
        requests = _folder("input_path", self.input_path, made, "input")
        rights = [
            *(output.write("WriteAnswers", self.encryption_key) if output else ()),
            *(failures.write("WriteFailures", self.encryption_key) if failures else ()),
            *(requests.read("ReadRequests", self.encryption_key) if requests else ()),
            *self._publish(),
        ]
        key = self.encryption_key
        callers = [
            *(requests.write("WriteRequests", key) if requests else ()),
            *(output.read("ReadAnswers", key) if output else ()),
            *(failures.read("ReadFailures", key) if failures else ()),
        ]
        return replace(
            bound,
            bucket=made,
            statements=(*bound.statements, *rights),
            caller_statements=tuple(callers),
            async_inference=self._config(output, failures),
            input_folder=requests.uri if requests else None,
        )

    def published_metrics(self) -> frozenset[str]:
        """Return those of the queue and of the instances, and few of requests."""
        return ASYNCHRONOUS | HOSTS

    def scalable(self, instance: InstanceSpec | None) -> Scalable:
        """Return the number of instances, which may be 0 while nothing waits.

        Raises:
            ValueError: The instance type is burstable.
        """
        refuse_burstable([instance, *map(try_find_instance, self.instance_pools)])
        return Scalable(
            dimension=INSTANCES,
            lowest=0,
            wake_up=WakeUp("HasBacklogWithoutCapacity", "Maximum", 300),
            metrics={"scale_on_backlog": "ApproximateBacklogSizePerInstance"},
            why_not="an asynchronous endpoint publishes no such metric; use scale_on_backlog or "
            "scale_on_metric",
        )

    def _config(
        self, output: S3Folder | None, failures: S3Folder | None
    ) -> sagemaker.CfnEndpointConfig.AsyncInferenceConfigProperty:
        properties = sagemaker.CfnEndpointConfig
        concurrent = self.max_concurrent_invocations
        return properties.AsyncInferenceConfigProperty(
            output_config=properties.AsyncInferenceOutputConfigProperty(
                s3_output_path=output.uri if output else None,
                s3_failure_path=failures.uri if failures else None,
                kms_key_id=self.encryption_key.key_arn if self.encryption_key else None,
                notification_config=self._notifications(),
            ),
            client_config=None
            if concurrent is None
            else properties.AsyncInferenceClientConfigProperty(
                max_concurrent_invocations_per_instance=concurrent
            ),
        )

    def _notifications(
        self,
    ) -> sagemaker.CfnEndpointConfig.AsyncInferenceNotificationConfigProperty | None:
        topics = {
            "SUCCESS_NOTIFICATION_TOPIC": self.success_topic,
            "ERROR_NOTIFICATION_TOPIC": self.error_topic,
        }
        told = [name for name, topic in topics.items() if topic is not None]
        if not told:
            return None
        return sagemaker.CfnEndpointConfig.AsyncInferenceNotificationConfigProperty(
            success_topic=self.success_topic.topic_arn if self.success_topic else None,
            error_topic=self.error_topic.topic_arn if self.error_topic else None,
            include_inference_response_in=told if self.include_response else None,
        )

    def _publish(self) -> Iterator[Statement]:
        """Let the role publish, and use the keys of encrypted topics."""
        topics = [topic for topic in (self.success_topic, self.error_topic) if topic is not None]
        arns = dict.fromkeys(topic.topic_arn for topic in topics)
        keys = [topic.master_key for topic in topics]
        key_arns = dict.fromkeys(key.key_arn for key in keys if key is not None)
        if arns:
            yield allow("PublishResults", ["sns:Publish"], list(arns))
        if key_arns:
            yield allow("UseTopicKey", ["kms:Decrypt", "kms:GenerateDataKey"], list(key_arns))


def _folder(name: str, path: str | None, made: s3.IBucket | None, default: str) -> S3Folder | None:
    if path is not None:
        return S3Folder.parse(name, path)
    return None if made is None else S3Folder.of_bucket(made, default)
