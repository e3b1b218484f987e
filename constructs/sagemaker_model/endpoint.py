"""What can be done with an endpoint, whether this app made it or only knows its name."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, Unpack

import jsii
from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sagemaker as sagemaker
from aws_cdk.interfaces.aws_sagemaker import EndpointReference
from constructs import Construct

from sagemaker_model.endpoint_metrics import EndpointMetrics
from sagemaker_model.hosting.names import MAX_NAME
from sagemaker_model.metrics import MetricOptions, Publisher
from sagemaker_model.tokens import is_token

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_logs as logs

# EndpointName in the CreateEndpoint API reference.
_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9])*")


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

    @property
    def log_group(self) -> logs.ILogGroup:
        """The log group that SageMaker makes for the containers."""
        ...

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let *grantee* invoke the endpoint.

        Args:
            grantee: Who may call ``InvokeEndpoint`` on exactly this endpoint.
        """
        ...

    def grant_invoke_stream(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let *grantee* invoke the endpoint and read the answer while it is written.

        Args:
            grantee: Who may call ``InvokeEndpointWithResponseStream`` on exactly this endpoint.
        """
        ...

    def grant_invoke_async(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let *grantee* queue requests at the endpoint.

        Args:
            grantee: Who may call ``InvokeEndpointAsync`` on exactly this endpoint.
        """
        ...

    def grant_invoke_openai(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let *grantee* call the endpoint as clients of OpenAI do, with a bearer token.

        Args:
            grantee: Who may call ``InvokeEndpoint`` on exactly this endpoint, also with a token.
        """
        ...

    def metric(self, metric_name: str, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Return a metric of the endpoint.

        Args:
            metric_name: CloudWatch's name, such as ``"Invocations"``.
            **options: As in ``cloudwatch.MetricOptions``. Default: five minutes, and the
                statistic that makes sense for the metric.
        """
        ...


@jsii.implements(sagemaker.IEndpoint)
class EndpointBase(EndpointMetrics):
    """The names, grants and metrics that every endpoint has."""

    _log_group: logs.ILogGroup | None = None

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
        return self._grant(grantee, ["sagemaker:InvokeEndpoint"])

    def grant_invoke_stream(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let *grantee* invoke the endpoint and read the answer while it is written.

        The SageMaker Runtime API reference wants ``InvokeEndpoint`` for it; IAM knows the other.

        Args:
            grantee: Who may call ``InvokeEndpointWithResponseStream`` and ``InvokeEndpoint`` on
                exactly this endpoint.
        """
        return self._grant(
            grantee, ["sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream"]
        )

    def grant_invoke_async(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let *grantee* queue requests at the endpoint, which lie in S3.

        Of an endpoint that is known by its name alone, the folders of requests and answers are
        not known: rights on them are granted at their bucket.

        Args:
            grantee: Who may call ``InvokeEndpointAsync`` on exactly this endpoint.
        """
        return self._grant(grantee, ["sagemaker:InvokeEndpointAsync"])

    def grant_invoke_openai(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let *grantee* call the endpoint as clients of OpenAI do, with a bearer token.

        The token is made of the caller's own credentials: ``sagemaker:CallWithBearerToken`` knows
        no resources and is allowed on all, but lets nobody invoke what was not granted
        ("Invoke endpoints with OpenAI-compatible APIs", realtime-endpoints-openai-compatible).

        Args:
            grantee: Who may call ``InvokeEndpoint`` on exactly this endpoint, also with a token.
        """
        invoke = self.grant_invoke(grantee)
        token = iam.Grant.add_to_principal(
            grantee=grantee, actions=["sagemaker:CallWithBearerToken"], resource_arns=["*"]
        )
        return invoke.combine(token)

    @property
    def log_group(self) -> logs.ILogGroup:
        """The log group that SageMaker makes for the containers, to filter and to query.

        It is not of the stack: what a container said stays when the stack is rolled back or
        deleted.
        """
        if self._log_group is None:
            from aws_cdk import aws_logs as logs

            publisher = self._publisher()
            name = f"{publisher.hosts}/{publisher.name}"
            self._log_group = logs.LogGroup.from_log_group_name(self, "LogGroup", name)
        return self._log_group

    def _grant(self, grantee: iam.IGrantable, actions: Sequence[str]) -> iam.Grant:
        return iam.Grant.add_to_principal(
            grantee=grantee, actions=actions, resource_arns=self._invoked_arns()
        )

    def _publisher(self) -> Publisher:
        """Return what publishes the metrics: the endpoint."""
        return Publisher(self.endpoint_name)

    def _invoked_arns(self) -> list[str]:
        """Return the ARNs that a caller must be allowed to invoke."""
        return [self.endpoint_arn]


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
