"""What can be done with an endpoint, whether this app made it or only knows its name."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import TYPE_CHECKING, Protocol, Unpack

import jsii
from aws_cdk import ArnFormat, Resource, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sagemaker as sagemaker
from aws_cdk.interfaces.aws_sagemaker import EndpointReference
from constructs import Construct

from sagemaker_model.metrics import MetricOptions, Publisher, metric_of
from sagemaker_model.tokens import is_token

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch

# EndpointName in the CreateEndpoint API reference.
_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9])*")
MAX_NAME = 63


class ISageMakerModel(sagemaker.IEndpoint, Protocol):
    """A deployed model: its names, who may invoke it, and how it does.

    Both :class:`SageMakerModel` and what :meth:`SageMakerModel.from_endpoint_name` returns are
    one, and either can be handed to whatever takes an ``aws_sagemaker.IEndpoint``.
    """

    @property
    def endpoint_name(self) -> str:
        """Name of the endpoint."""
        ...

    @property
    def endpoint_arn(self) -> str:
        """ARN of the endpoint."""
        ...

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let *grantee* invoke the endpoint.

        Args:
            grantee: Who may call ``InvokeEndpoint`` on exactly this endpoint.
        """
        ...

    def metric(self, metric_name: str, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return a metric of the endpoint.

        Args:
            metric_name: CloudWatch's name, such as ``"Invocations"``.
            **options: As in ``cloudwatch.MetricOptions``. Default: counts are summed, the rest
                averaged, over five minutes.
        """
        ...


@jsii.implements(sagemaker.IEndpoint)
class EndpointBase(Resource):
    """The names, grants and metrics that every endpoint has."""

    @property
    @abstractmethod
    def endpoint_name(self) -> str:
        """Name of the endpoint."""

    @property
    @abstractmethod
    def endpoint_arn(self) -> str:
        """ARN of the endpoint, with the name in lower case, as IAM compares it."""

    @property
    def endpoint_ref(self) -> EndpointReference:
        """Reference to the endpoint, as CDK's generated interfaces take it."""
        return EndpointReference(endpoint_arn=self.endpoint_arn)

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let *grantee* invoke the endpoint and read the whole answer.

        Args:
            grantee: Who may call ``InvokeEndpoint`` on exactly this endpoint.
        """
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["sagemaker:InvokeEndpoint"],
            resource_arns=self._invoked_arns(),
        )

    def grant_invoke_async(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let *grantee* queue requests at the endpoint, which lie in S3.

        Writing the requests and reading the answers are rights on their bucket.

        Args:
            grantee: Who may call ``InvokeEndpointAsync`` on exactly this endpoint.
        """
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["sagemaker:InvokeEndpointAsync"],
            resource_arns=[self.endpoint_arn],
        )

    def metric(self, metric_name: str, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return the metric *metric_name* of the endpoint's variant.

        Args:
            metric_name: CloudWatch's name, such as ``"Invocations"`` or ``"GPUUtilization"``.
            **options: As in ``cloudwatch.MetricOptions``. Default: counts are summed, the rest
                averaged, over five minutes.
        """
        return metric_of(self._publisher(), metric_name, options)

    def _publisher(self) -> Publisher:
        """Return what publishes the metrics, with its name as their dimensions have it."""
        return Publisher(self.endpoint_name)

    def _invoked_arns(self) -> list[str]:
        """Return the ARNs that a caller must be allowed to invoke."""
        return [self.endpoint_arn]

    def metric_invocations(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return how many requests the endpoint got (count, sum)."""
        return self.metric("Invocations", **options)

    def metric_invocations_per_instance(
        self, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Return how many requests each instance got (count, sum)."""
        summed: MetricOptions = {"statistic": "Sum"}
        return self.metric("InvocationsPerInstance", **(summed | options))

    def metric_invocation_4xx_errors(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return how many requests were answered with a 4xx status (count, sum)."""
        return self.metric("Invocation4XXErrors", **options)

    def metric_invocation_5xx_errors(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return how many requests were answered with a 5xx status (count, sum)."""
        return self.metric("Invocation5XXErrors", **options)

    def metric_model_latency(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return the time that the container took to answer (microseconds, average)."""
        return self.metric("ModelLatency", **options)

    def metric_overhead_latency(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return the time that SageMaker added to an answer (microseconds, average)."""
        return self.metric("OverheadLatency", **options)

    def metric_concurrent_requests(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return how many requests were being worked on at once (count, maximum)."""
        highest: MetricOptions = {"statistic": "Maximum"}
        return self.metric("ConcurrentRequestsPerModel", **(highest | options))

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


class ImportedEndpoint(EndpointBase):
    """An endpoint that exists already, known by its name."""

    def __init__(self, scope: Construct, id: str, endpoint_name: str) -> None:  # noqa: A002
        check_endpoint_name(endpoint_name)
        super().__init__(scope, id)
        self._endpoint_name = endpoint_name
        self._endpoint_arn = Stack.of(self).format_arn(
            service="sagemaker",
            resource="endpoint",
            resource_name=lower_case(endpoint_name),
            arn_format=ArnFormat.SLASH_RESOURCE_NAME,
        )

    @property
    def endpoint_name(self) -> str:
        """Name of the endpoint."""
        return self._endpoint_name

    @property
    def endpoint_arn(self) -> str:
        """ARN of the endpoint, with the name in lower case, as IAM compares it."""
        return self._endpoint_arn


def lower_case(endpoint_name: str) -> str:
    """Lower-case a name for an ARN; a token is left as it is."""
    return endpoint_name if is_token(endpoint_name) else endpoint_name.lower()


def check_endpoint_name(endpoint_name: str) -> None:
    """Raise ``ValueError`` for a name that SageMaker would refuse; a token is not read."""
    if is_token(endpoint_name):
        return
    if not _NAME.fullmatch(endpoint_name) or len(endpoint_name) > MAX_NAME:
        raise ValueError(
            f"endpoint_name must be 1 to {MAX_NAME} letters, digits and hyphens, with a letter or "
            f"digit at both ends, got {endpoint_name!r}; leave it out to have one made up"
        )
