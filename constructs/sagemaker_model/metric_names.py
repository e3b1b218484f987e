"""The metrics that SageMaker publishes of endpoints: which, where, and what is asked of each.

Source: "Amazon SageMaker AI metrics in Amazon CloudWatch" of the developer guide
(monitoring-cloudwatch), and the pages that are named below.
"""

from __future__ import annotations

REQUESTS_NAMESPACE = "AWS/SageMaker"
HOSTS_NAMESPACE = "/aws/sagemaker/Endpoints"
COMPONENTS_NAMESPACE = "/aws/sagemaker/InferenceComponents"

GPU = frozenset({"GPUMemoryUtilization", "GPUUtilization"})
"""Those of instances with a GPU, in percent of one GPU, added up over all."""

HOSTS = GPU | {"CPUUtilization", "DiskUtilization", "MemoryUtilization"}
"""Those of the instances."""

COMPONENT_HOSTS = HOSTS - {"DiskUtilization"}
"""Those that an inference component has of the instances too, in percent of all that it may use;
CloudWatch's names of them then end in ``Normalized``."""

STREAMS = frozenset(
    {
        "FirstChunkLatency",
        "FirstChunkModelLatency",
        "FirstChunkOverheadLatency",
        "MidStreamErrors",
    }
)
"""Those of answers in parts (monitoring-detailed-observability-metric-mapping)."""

REAL_TIME = STREAMS | {
    "ConcurrentRequestsPerModel",
    "Invocation4XXErrors",
    "Invocation5XXErrors",
    "InvocationModelErrors",
    "Invocations",
    "InvocationsPerInstance",
    "ModelLatency",
    "OverheadLatency",
}
"""Those of requests that are answered at once, by instances."""

QUEUE = frozenset(
    {
        "ApproximateAgeOfOldestRequest",
        "ApproximateBacklogSize",
        "ApproximateBacklogSizePerInstance",
        "HasBacklogWithoutCapacity",
    }
)
"""Those of a queue, whose one dimension is the endpoint (async-inference-monitor)."""

ASYNCHRONOUS = QUEUE | {
    "ExpiredRequests",
    "Invocation4XXErrors",
    "Invocation5XXErrors",
    "InvocationFailures",
    "InvocationsProcessed",
    "ModelLatency",
    "NotificationFailures",
    "RequestDownloadFailures",
    "RequestDownloadLatency",
    "ResponseUploadFailures",
    "ResponseUploadLatency",
    "TimeInBacklog",
    "TotalProcessingTime",
}
"""All that an asynchronous endpoint publishes of its requests (async-inference-monitor)."""

SERVERLESS = frozenset(
    {
        "Invocation4XXErrors",
        "Invocation5XXErrors",
        "Invocations",
        "MemoryUtilization",
        "ModelLatency",
        "ModelSetupTime",
        "OverheadLatency",
        "ServerlessConcurrentExecutionsUtilization",
    }
)
"""All that any serverless endpoint publishes (serverless-endpoints-monitoring)."""

PROVISIONED = frozenset(
    {
        "ServerlessProvisionedConcurrencyExecutions",
        "ServerlessProvisionedConcurrencyInvocations",
        "ServerlessProvisionedConcurrencySpilloverInvocations",
        "ServerlessProvisionedConcurrencyUtilization",
    }
)
"""What a serverless endpoint publishes besides, where it has provisioned concurrency."""

COMPONENTS = STREAMS | {
    "ConcurrentRequestsPerCopy",
    "Invocation4XXErrors",
    "Invocation5XXErrors",
    "InvocationModelErrors",
    "Invocations",
    "InvocationsPerCopy",
    "ModelLatency",
    "NoCapacityInvocationFailures",
    "OverheadLatency",
}
"""Those of the requests to one inference component of an endpoint."""

_NORMALIZED = "Normalized"
_SUMS = frozenset(
    {
        "ExpiredRequests",
        "Invocation4XXErrors",
        "Invocation5XXErrors",
        "InvocationFailures",
        "InvocationModelErrors",
        "Invocations",
        "InvocationsPerCopy",
        "InvocationsPerInstance",
        "InvocationsProcessed",
        "MidStreamErrors",
        "NoCapacityInvocationFailures",
        "NotificationFailures",
        "RequestDownloadFailures",
        "ResponseUploadFailures",
    }
)
# What happens at once, or for a moment: an average would hide it, and of concurrency there is none.
_HIGHEST = frozenset(
    {
        "ApproximateAgeOfOldestRequest",
        "ConcurrentRequestsPerCopy",
        "ConcurrentRequestsPerModel",
        "HasBacklogWithoutCapacity",
        "ServerlessConcurrentExecutionsUtilization",
        "ServerlessProvisionedConcurrencyExecutions",
        "ServerlessProvisionedConcurrencyUtilization",
    }
)


def name_of(metric: str, *, component: bool) -> str:
    """Return CloudWatch's name of a metric of an endpoint, or of an inference component.

    >>> name_of("GPUUtilization", component=True), name_of("Invocations", component=True)
    ('GPUUtilizationNormalized', 'Invocations')
    """
    return f"{metric}{_NORMALIZED}" if component and metric in COMPONENT_HOSTS else metric


def of_hosts(metric: str) -> bool:
    """Say whether a metric is in the namespace of the instances.

    >>> of_hosts("GPUUtilizationNormalized"), of_hosts("Invocations")
    (True, False)
    """
    return metric.removesuffix(_NORMALIZED) in HOSTS


def statistic_of(metric: str) -> str:
    """Return the statistic that makes sense for a metric: an unknown one is averaged."""
    if metric in _SUMS:
        return "Sum"
    return "Maximum" if metric in _HIGHEST else "Average"
