"""What asks the endpoints of a stack: one function for all of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from sagemaker_model.compliance import allow_redundant_dependencies
from sagemaker_model.smoke_test.compliance import acknowledge_provider
from sagemaker_model.staging.names import IGNORED
from sagemaker_model.staging.rights import see_rollback, write_log

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_
    from aws_cdk import aws_logs as logs

ID = "SageMakerModelSmokeTest"
"""Id of the provider in its stack."""
_HANDLER = Path(__file__).with_name("lambda_code")


class SmokeTestProvider(Construct):
    """The function that asks endpoints, its role and its log.

    The role may write the log and see whether the stack is being rolled back; what it may do with
    an endpoint is a policy of that endpoint's test.

    Args:
        scope: The stack.
        id: Its name there.
    """

    def __init__(self, scope: Construct, id: str) -> None:  # noqa: A002 - CDK's name
        super().__init__(scope, id)
        log_group = self._make_log_group()
        self._role = self._make_role(log_group)
        self._function = self._make_function(log_group)
        self._service_token = self._function.function_arn
        self._role_name = self._role.role_name
        acknowledge_provider(self, log_group.log_group_arn)
        allow_redundant_dependencies(self._function)

    @staticmethod
    def of(scope: Construct) -> SmokeTestProvider:
        """Return the provider of the stack that *scope* belongs to."""
        stack = Stack.of(scope)
        provider = _PROVIDERS.get(stack)
        if provider is None:
            provider = _PROVIDERS[stack] = SmokeTestProvider(stack, ID)
        return provider

    @property
    def service_token(self) -> str:
        """ARN of the function."""
        return self._service_token

    @property
    def role_name(self) -> str:
        """Name of the function's role, which the endpoints' policies are attached to."""
        return self._role_name

    def _make_log_group(self) -> logs.LogGroup:
        from aws_cdk import aws_logs as logs

        return logs.LogGroup(
            self,
            "Log",
            retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=RemovalPolicy.DESTROY,
        )

    def _make_role(self, log_group: logs.LogGroup) -> iam.Role:
        statements = [
            write_log(log_group.log_group_arn),
            see_rollback(Stack.of(self).stack_id),
        ]
        document = {"Version": "2012-10-17", "Statement": statements}
        principal = iam.ServicePrincipal("lambda.amazonaws.com")
        return iam.Role(
            self,
            "Role",
            assumed_by=principal,  # pyright: ignore[reportArgumentType]
            inline_policies={"Own": iam.PolicyDocument.from_json(document)},
        )

    def _make_function(self, log_group: logs.LogGroup) -> lambda_.Function:
        from aws_cdk import aws_lambda as lambda_

        return lambda_.Function(
            self,
            "Function",
            runtime=lambda_.Runtime.PYTHON_3_14,
            handler="smoke_test_handler.index.handler",
            code=lambda_.Code.from_asset(str(_HANDLER), exclude=IGNORED),
            timeout=Duration.minutes(15),
            memory_size=256,
            role=self._role,  # pyright: ignore[reportArgumentType]
            log_group=log_group,  # pyright: ignore[reportArgumentType]
            description="Asks SageMaker endpoints whether they answer",
        )


_PROVIDERS: WeakKeyDictionary[Stack, SmokeTestProvider] = WeakKeyDictionary()
