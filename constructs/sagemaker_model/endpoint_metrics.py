"""The metrics of an endpoint, each by a method of its own."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Unpack

from aws_cdk import Resource

from sagemaker_model.metrics import MetricOptions, Publisher, metric_of

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch


class EndpointMetrics(Resource):
    """What publishes the metrics of an endpoint.

    A kind of hosting publishes some of them only; "Monitoring" in the documentation says which.
    Each method takes the options of ``cloudwatch.MetricOptions``, which win over the statistic
    that it names, and over the period of five minutes.
    """

    @abstractmethod
    def _publisher(self) -> Publisher:
        """Return what publishes the metrics, with its name as their dimensions have it."""

    def metric(self, metric_name: str, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return the metric *metric_name* of the endpoint's variant, or of its queue.

        Args:
            metric_name: CloudWatch's name, such as ``"Invocations"`` or ``"GPUUtilization"``.
            **options: As in ``cloudwatch.MetricOptions``. Default: five minutes, and the
                statistic that makes sense for the metric: counts of events are summed, and what
                is not known is averaged.
        """
        return metric_of(self._publisher(), metric_name, options).attach_to(self)

    def metric_invocations(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return how many requests the endpoint got (count, sum)."""
        return self.metric("Invocations", **options)

    def metric_invocations_per_instance(
        self, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Return how many requests each instance got (count, sum)."""
        return self.metric("InvocationsPerInstance", **options)

    def metric_invocation_4xx_errors(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return how many requests were answered with a 4xx status (count, sum)."""
        return self.metric("Invocation4XXErrors", **options)

    def metric_invocation_5xx_errors(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return how many requests were answered with a 5xx status (count, sum)."""
        return self.metric("Invocation5XXErrors", **options)

    def metric_invocation_model_errors(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return how many requests the container failed, also without an answer (count, sum)."""
        return self.metric("InvocationModelErrors", **options)

    def metric_model_latency(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return the time that the container took to answer (microseconds, average)."""
        return self.metric("ModelLatency", **options)

    def metric_overhead_latency(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return the time that SageMaker added to an answer (microseconds, average)."""
        return self.metric("OverheadLatency", **options)

    def metric_concurrent_requests(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return how many requests were being worked on at once (count, maximum)."""
        return self.metric("ConcurrentRequestsPerModel", **options)

    def metric_invocations_per_copy(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return how many requests each copy of an inference component got (count, sum)."""
        return self.metric("InvocationsPerCopy", **options)

    def metric_concurrent_requests_per_copy(
        self, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Return how many requests each copy was working on at once (count, maximum)."""
        return self.metric("ConcurrentRequestsPerCopy", **options)

    def metric_no_capacity_failures(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return how many requests failed as there was no copy (count, sum)."""
        return self.metric("NoCapacityInvocationFailures", **options)

    def metric_first_chunk_latency(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return the time until the first part of an answer (microseconds, average)."""
        return self.metric("FirstChunkLatency", **options)

    def metric_first_chunk_model_latency(
        self, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Return the container's share of the time until the first part (microseconds, average)."""
        return self.metric("FirstChunkModelLatency", **options)

    def metric_first_chunk_overhead_latency(
        self, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Return SageMaker's share of the time until the first part (microseconds, average)."""
        return self.metric("FirstChunkOverheadLatency", **options)

    def metric_mid_stream_errors(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return how many answers broke off after their first part (count, sum)."""
        return self.metric("MidStreamErrors", **options)

    def metric_cpu_utilization(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return the use of the processors (percent of one core, average)."""
        return self.metric("CPUUtilization", **options)

    def metric_memory_utilization(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return the use of the instances' memory (percent, average)."""
        return self.metric("MemoryUtilization", **options)

    def metric_disk_utilization(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return the use of the instances' disks (percent, average)."""
        return self.metric("DiskUtilization", **options)

    def metric_gpu_utilization(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return the use of the GPUs (percent of one GPU, average)."""
        return self.metric("GPUUtilization", **options)

    def metric_gpu_memory_utilization(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return the use of the GPUs' memory (percent of one GPU, average)."""
        return self.metric("GPUMemoryUtilization", **options)

    def metric_backlog_size(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return how many requests wait or are worked on (count, average)."""
        return self.metric("ApproximateBacklogSize", **options)

    def metric_backlog_size_per_instance(
        self, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Return how many requests wait or are worked on, per instance (count, average)."""
        return self.metric("ApproximateBacklogSizePerInstance", **options)

    def metric_age_of_oldest_request(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return how long the oldest request has waited (seconds, maximum)."""
        return self.metric("ApproximateAgeOfOldestRequest", **options)

    def metric_backlog_without_capacity(
        self, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Return whether requests wait while there is no instance (1 or 0, maximum)."""
        return self.metric("HasBacklogWithoutCapacity", **options)

    def metric_invocations_processed(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return how many requests of the queue were worked off (count, sum)."""
        return self.metric("InvocationsProcessed", **options)

    def metric_invocation_failures(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return how many requests of the queue failed, for any reason (count, sum)."""
        return self.metric("InvocationFailures", **options)

    def metric_expired_requests(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return how many requests waited longer than they were to live (count, sum)."""
        return self.metric("ExpiredRequests", **options)

    def metric_time_in_backlog(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return the time that a request waited (microseconds, average)."""
        return self.metric("TimeInBacklog", **options)

    def metric_total_processing_time(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return the time from a request's arrival until its end (milliseconds, average)."""
        return self.metric("TotalProcessingTime", **options)

    def metric_request_download_failures(
        self, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Return how many requests could not be read from S3 (count, sum)."""
        return self.metric("RequestDownloadFailures", **options)

    def metric_request_download_latency(
        self, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Return the time that reading a request from S3 took (microseconds, average)."""
        return self.metric("RequestDownloadLatency", **options)

    def metric_response_upload_failures(
        self, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Return how many answers could not be written to S3 (count, sum)."""
        return self.metric("ResponseUploadFailures", **options)

    def metric_response_upload_latency(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return the time that writing an answer to S3 took (microseconds, average)."""
        return self.metric("ResponseUploadLatency", **options)

    def metric_notification_failures(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return how many messages could not be published (count, sum)."""
        return self.metric("NotificationFailures", **options)

    def metric_model_setup_time(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return the time that starting a container took (microseconds, average)."""
        return self.metric("ModelSetupTime", **options)

    def metric_concurrent_executions_utilization(
        self, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Return the share of the maximum concurrency in use (0 to 1, maximum)."""
        return self.metric("ServerlessConcurrentExecutionsUtilization", **options)

    def metric_provisioned_concurrency_utilization(
        self, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Return the share of the provisioned concurrency in use (0 to 1, maximum)."""
        return self.metric("ServerlessProvisionedConcurrencyUtilization", **options)

    def metric_provisioned_concurrency_executions(
        self, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Return how many requests warm containers work on at once (count, maximum)."""
        return self.metric("ServerlessProvisionedConcurrencyExecutions", **options)

    def metric_provisioned_concurrency_invocations(
        self, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Return how many requests warm containers answered (count, average)."""
        return self.metric("ServerlessProvisionedConcurrencyInvocations", **options)

    def metric_provisioned_concurrency_spillover_invocations(
        self, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Return how many requests had to go to other containers (count, average)."""
        return self.metric("ServerlessProvisionedConcurrencySpilloverInvocations", **options)
