"""The test of one endpoint in its stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import CfnResource
from aws_cdk import aws_iam as iam
from constructs import Construct

from sagemaker_model.hosting.hosting import BoundHosting, Hosting, Serving
from sagemaker_model.hosting.inference_component import name_of_component
from sagemaker_model.permissions import Statement, allow
from sagemaker_model.smoke_test.compliance import acknowledge_policy
from sagemaker_model.smoke_test.known_requests import Known
from sagemaker_model.smoke_test.prober import Prober
from sagemaker_model.smoke_test.provider import SmokeTestProvider
from sagemaker_model.smoke_test.smoke_test import WHERE_KNOWN, SmokeTest
from sagemaker_model.smoke_test.target import Target

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch

_TYPE = "Custom::SageMakerModelSmokeTest"
_TIMEOUT = 960
"""Seconds: what the function may take, and a minute for CloudFormation to hear of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of an endpoint.

    Args:
        question: What the function is told, as JSON.
        target: What is asked.
        changes: What makes CloudFormation ask again when it changes, by name.
        input_folder: Where requests of an asynchronous endpoint are put, as
            ``s3://bucket/folder``; None for any other.
        rights: What asking takes besides invoking the endpoint.
        probed: Whether it is asked during an update as well.
    """

    question: str
    target: Target
    changes: Mapping[str, str]
    input_folder: str | None
    rights: tuple[Statement, ...]
    probed: bool


def make_endpoint_test(
    scope: Construct,
    smoke_test: SmokeTest | None,
    *,
    known: Known | None,
    hosting: Hosting,
    bound: BoundHosting,
    serving: Serving,
    model_name: str,
) -> EndpointTest | None:
    """Make the test that was asked for; where nobody did, the one that is known to be right.

    Args:
        scope: The model.
        smoke_test: What was given.
        known: What the model is known to answer.
        hosting: How it is served.
        bound: What that made.
        serving: What serves it.
        model_name: Name of the SageMaker model (a token).

    Raises:
        ValueError: There is nothing to ask, or nowhere to put it.
    """
    optional = smoke_test is WHERE_KNOWN
    queued = bound.async_inference is not None
    # Whether a bucket of somebody else's may be written to, only its policy tells.
    known_place = not queued or bound.bucket is not None
    if smoke_test is None or (optional and not (known and known_place)):
        return None
    _check(smoke_test, known, has_place=not queued or bound.input_folder is not None)
    asked = Asked(
        question=smoke_test.question(known, hosting.patience, optional=optional),
        target=_target(serving),
        changes={
            "EndpointConfigName": serving.config.attr_endpoint_config_name,
            "ModelName": model_name,
        },
        input_folder=bound.input_folder if queued else None,
        rights=bound.caller_statements,
        probed=hosting.can_be_probed and smoke_test.during_roll_out,
    )
    return EndpointTest(scope, "SmokeTest", asked)


def _target(serving: Serving) -> Target:
    component = serving.component
    return Target(
        endpoint_name=serving.endpoint.attr_endpoint_name,
        endpoint_arn=serving.endpoint.ref,
        component_name=None if component is None else name_of_component(component),
        component_arn=None if component is None else component.ref,
    )


def _check(smoke_test: SmokeTest, known: Known | None, *, has_place: bool) -> None:
    if smoke_test.payload is None and known is None:
        raise ValueError(
            "smoke_test has no payload, and what this model answers is not known; give a request "
            "that it answers: SmokeTest({...})"
        )
    if not has_place:
        raise ValueError(
            "smoke_test has nowhere to put its request: hosting has no input_path; give "
            "Asynchronous(input_path=…), or smoke_test=None"
        )


class EndpointTest(Construct):
    """Ask an endpoint whenever its configuration or the test has changed.

    Args:
        scope: The model.
        id: Its name in *scope*.
        asked: What is asked.
    """

    def __init__(self, scope: Construct, id: str, asked: Asked) -> None:  # noqa: A002 - CDK's name
        super().__init__(scope, id)
        provider = SmokeTestProvider.of(self)
        policy = self._make_policy(provider, asked)
        properties = {
            "ServiceToken": provider.service_token,
            "ServiceTimeout": _TIMEOUT,
            "Test": asked.question,
            **asked.target.told,
            **asked.changes,
        }
        if asked.input_folder is not None:
            properties["InputFolder"] = asked.input_folder
        self._resource = CfnResource(self, "Resource", type=_TYPE, properties=properties)
        self._resource.node.add_dependency(policy)
        self._prober: Prober | None = None
        if asked.probed:
            self._prober = Prober(self, "Prober", provider, asked.target, asked.question)

    @property
    def alarm(self) -> cloudwatch.CfnAlarm | None:
        """The alarm that goes off when the endpoint is silent during an update; None without."""
        return None if self._prober is None else self._prober.alarm

    def wait_for(self, *dependencies: Construct) -> None:
        """Ask only when these have been made, too."""
        self._resource.node.add_dependency(*dependencies)

    def _make_policy(self, provider: SmokeTestProvider, asked: Asked) -> iam.CfnPolicy:
        policy = iam.CfnPolicy(
            self,
            "Policy",
            policy_name=f"SmokeTest{self.node.addr}",
            roles=[provider.role_name],
            policy_document={
                "Version": "2012-10-17",
                "Statement": [*_rights(asked), *asked.rights],
            },
        )
        acknowledge_policy(policy, asked.rights)
        return policy


def _rights(asked: Asked) -> Iterator[Statement]:
    target, queued = asked.target, asked.input_folder is not None
    action = "sagemaker:InvokeEndpointAsync" if queued else "sagemaker:InvokeEndpoint"
    yield allow("Ask", [action], target.arns)
    if target.component_arn and asked.probed:
        yield allow("SeeState", ["sagemaker:DescribeInferenceComponent"], [target.component_arn])
    elif queued or asked.probed:
        yield allow("SeeState", ["sagemaker:DescribeEndpoint"], [target.endpoint_arn])
