"""What CloudFormation asks for staged files: one custom resource provider for a whole stack."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from aws_cdk import CustomResource, Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from sagemaker_model.compliance import allow_redundant_dependencies
from sagemaker_model.permissions import Statement
from sagemaker_model.staging.bundled import bundled
from sagemaker_model.staging.compliance import acknowledge_policy, acknowledge_provider
from sagemaker_model.staging.names import IGNORED, project_names, stack_prefix
from sagemaker_model.staging.rights import (
    Place,
    custom_resource_rights,
    empty_rights,
    see_rollback,
    start_builds,
    write_log,
)

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_
    from aws_cdk import aws_logs as logs
    from aws_cdk import aws_s3 as s3
    from aws_cdk import aws_s3_assets as s3_assets

    from sagemaker_model.staging.artifact_store import ArtifactStore

ID = "SageMakerModelStaging"
"""Id of the provider in its stack."""
_HANDLERS = Path(__file__).with_name("lambda_code")
_CALLED_BY_WAITER = ("isComplete", "onTimeout")
_PATIENCE = Duration.hours(1)


class StagingProvider(Construct):
    """The handlers that start builds, wait for them, and delete what nobody uses any more.

    Its role is let do no more than the stack's own prefixes and builds need; no statement is
    about a single model, as CloudFormation takes rights away before it deletes resources.

    Args:
        scope: The stack.
        id: Its name there.
    """

    def __init__(self, scope: Construct, id: str) -> None:  # noqa: A002 - CDK's name
        super().__init__(scope, id)
        self._policies: dict[str, iam.Policy] = {}
        self._program: s3_assets.Asset | None = None
        self._log_group = self._make_log_group()
        self._role = self._make_role()
        own = see_rollback(Stack.of(self).stack_id)
        self._grant("Builds", [*start_builds(project_names(self)), own])
        self._service_token = self._make_provider()

    @staticmethod
    def of(scope: Construct) -> StagingProvider:
        """Return the provider of the stack that *scope* belongs to."""
        stack = Stack.of(scope)
        provider = _PROVIDERS.get(stack)
        if provider is None:
            provider = _PROVIDERS[stack] = StagingProvider(stack, ID)
        return provider

    @property
    def service_token(self) -> str:
        """What a custom resource of this stack is served by."""
        return self._service_token

    @property
    def program(self) -> s3_assets.Asset:
        """The staging program, as an asset that all builds of the stack share."""
        if self._program is None:
            from aws_cdk import aws_s3_assets as s3_assets

            folder = str(bundled("codebuild"))
            self._program = s3_assets.Asset(self, "Program", path=folder, exclude=IGNORED)
        return self._program

    def allow(self, store: ArtifactStore) -> iam.Policy:
        """Let the handlers look after what this stack stages in *store*; return the policy."""
        key = store.encryption_key
        place = Place(
            bucket_arn=store.bucket_arn,
            prefix=f"{store.prefix}{stack_prefix(self)}",
            key_arn=key.key_arn if key else None,
        )
        return self._grant(f"Store{store.node.addr}", custom_resource_rights(place))

    def empty_on_deletion(self, scope: Construct, bucket: s3.IBucket) -> CustomResource:
        """Have *bucket* emptied when it is about to be deleted."""
        policy = self._grant(f"Empty{bucket.node.addr}", empty_rights(bucket.bucket_arn))
        resource = CustomResource(
            scope,
            "Emptied",
            resource_type="Custom::SageMakerModelStore",
            service_token=self.service_token,
            properties={"Bucket": bucket.bucket_name},
        )
        # Dependencies are undone in reverse: it is emptied while there still are rights to.
        resource.node.add_dependency(policy)
        return resource

    def check_manifest(
        self, scope: Construct, uri: str, sha256: str | None, rights: Sequence[Statement]
    ) -> CustomResource:
        """Have the deployment fail unless the manifest at *uri* is there, and is the right one."""
        policy = self._grant(f"Manifest{scope.node.addr}", rights)
        resource = CustomResource(
            scope,
            "Manifest",
            resource_type="Custom::SageMakerModelManifest",
            service_token=self.service_token,
            properties={"ManifestUri": uri, **({"Sha256": sha256} if sha256 else {})},
        )
        resource.node.add_dependency(policy)
        return resource

    def _grant(self, name: str, statements: Sequence[Statement]) -> iam.Policy:
        if name not in self._policies:
            document = iam.PolicyDocument.from_json(
                {"Version": "2012-10-17", "Statement": list(statements)}
            )
            policy = iam.Policy(self, name, document=document)
            acknowledge_policy(policy, statements)
            policy.attach_to_role(self._role)  # pyright: ignore[reportArgumentType]
            self._policies[name] = policy
        return self._policies[name]

    def _make_log_group(self) -> logs.LogGroup:
        from aws_cdk import aws_logs as logs

        return logs.LogGroup(
            self,
            "Log",
            retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=RemovalPolicy.DESTROY,
        )

    def _make_role(self) -> iam.Role:
        principal = iam.ServicePrincipal("lambda.amazonaws.com")
        return iam.Role(self, "Role", assumed_by=principal)  # pyright: ignore[reportArgumentType]

    def _make_provider(self) -> str:
        from aws_cdk import custom_resources

        self._grant("Logs", [write_log(self._log_group.log_group_arn)])
        on_event = self._function("OnEvent", "on_event", Duration.minutes(1))
        is_complete = self._function("IsComplete", "is_complete", Duration.minutes(15))
        provider = custom_resources.Provider(
            self,
            "Provider",
            on_event_handler=on_event,
            is_complete_handler=is_complete,
            query_interval=Duration.seconds(30),
            total_timeout=_PATIENCE,
            log_group=self._log_group,
        )
        acknowledge_provider(
            self,
            handlers=[on_event.function_arn, is_complete.function_arn],
            framework=[_arn(provider, f"framework-{name}") for name in _CALLED_BY_WAITER],
        )
        allow_redundant_dependencies(self)
        return provider.service_token

    def _function(self, id_: str, handler: str, timeout: Duration) -> lambda_.IFunction:
        from aws_cdk import aws_lambda as lambda_

        return lambda_.Function(  # pyright: ignore[reportReturnType]
            self,
            id_,
            runtime=lambda_.Runtime.PYTHON_3_14,
            handler=f"weights_handler.index.{handler}",
            code=lambda_.Code.from_asset(str(_HANDLERS), exclude=IGNORED),
            timeout=timeout,
            memory_size=256,
            role=self._role,  # pyright: ignore[reportArgumentType]
            log_group=self._log_group,
            description="Stages model weights in S3 and deletes them when they are not used",
        )


def _arn(provider: Construct, name: str) -> str:
    from aws_cdk import aws_lambda as lambda_

    function = provider.node.find_child(name).node.default_child
    return function.attr_arn if isinstance(function, lambda_.CfnFunction) else ""


_PROVIDERS: WeakKeyDictionary[Stack, StagingProvider] = WeakKeyDictionary()
