"""The CodeBuild project that stages one construct's files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import Duration, IgnoreMode, RemovalPolicy
from aws_cdk import aws_iam as iam
from constructs import Construct

from sagemaker_model.permissions import Statement, network_interfaces
from sagemaker_model.staging.compliance import acknowledge_build, acknowledge_policy
from sagemaker_model.staging.names import IGNORED, project_name
from sagemaker_model.staging.provider import StagingProvider
from sagemaker_model.staging.rights import read_assets, read_secret, write_log
from sagemaker_model.staging.staging import Staging

if TYPE_CHECKING:
    from aws_cdk import aws_codebuild as codebuild
    from aws_cdk import aws_logs as logs
    from aws_cdk import aws_s3_assets as s3_assets
    from aws_cdk import aws_secretsmanager as secretsmanager

_LONGEST = Duration.hours(8)
_GIB_OF_SMALL, _GIB_OF_MEDIUM = 10, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """What a build is told.

    Args:
        variables: Environment variables.
        folders: Local folders that travel as assets, by the name of their source.
        token: Secret with the Hub token; None without.
        rights: Statements that the build's role needs.
        compute_type: Size of the machine.
    """

    variables: Mapping[str, str]
    folders: Mapping[str, Path] = field(default_factory=dict)
    token: secretsmanager.ISecret | None = None
    rights: Sequence[Statement] = ()
    compute_type: codebuild.ComputeType | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildProject:
    """A project that can run.

    Args:
        name: Its name.
        rights: What must exist before it runs.
    """

    name: str
    rights: iam.Policy


def make_project(
    scope: Construct, owner: Construct, build: Build, settings: Staging
) -> BuildProject:
    """Make the project under *scope*, with a role that may do just this build.

    Args:
        scope: Where the project and what it needs are put.
        owner: The construct whose files are staged, which the project is named after.
        build: What the build is told.
        settings: How builds are made here.
    """
    from aws_cdk import aws_codebuild as codebuild

    log_group = _log_group(scope)
    assets = {"": StagingProvider.of(scope).program, **_assets(scope, build, settings)}
    role = settings.role if settings.role is not None else _make_role(scope)
    project = codebuild.Project(
        scope,
        "Build",
        project_name=project_name(owner),
        description="Stages model weights and inference code in S3",
        source=_source(assets[""]),
        secondary_sources=[_source(asset, name) for name, asset in assets.items() if name],
        environment=codebuild.BuildEnvironment(
            build_image=codebuild.LinuxBuildImage.STANDARD_7_0,  # pyright: ignore[reportArgumentType]
            compute_type=build.compute_type or settings.compute_type,
            privileged=False,
        ),
        environment_variables=_variables(build, settings),
        logging=codebuild.LoggingOptions(
            cloud_watch=codebuild.CloudWatchLoggingOptions(log_group=log_group)
        ),
        # CDK would let the build read the whole asset bucket, and make log groups of any name.
        role=_unchanged(role),
        vpc=settings.vpc,
        subnet_selection=settings.vpc_subnets,
        security_groups=settings.security_groups,
        grant_report_group_permissions=False,
        timeout=_LONGEST,
        queued_timeout=_LONGEST,
    )
    rights = (
        *build.rights,
        read_assets(f"{each.bucket.bucket_arn}/{each.s3_object_key}" for each in assets.values()),
        write_log(log_group.log_group_arn),
        *(read_secret(build.token) if build.token is not None else ()),
        *((network_interfaces(),) if settings.vpc is not None else ()),
    )
    policy = _grant(scope, role, rights)
    acknowledge_policy(policy, rights)
    acknowledge_build(project)
    acknowledge_build(log_group)
    project.node.add_dependency(policy)
    return BuildProject(name=project.project_name, rights=policy)


def compute_type_for(size_gib: float | None) -> codebuild.ComputeType:
    """Return the machine whose network suits weights of a size.

    Args:
        size_gib: Size of the weights in GiB; None where it is not known.
    """
    from aws_cdk import aws_codebuild as codebuild

    if size_gib is None or size_gib < _GIB_OF_SMALL:
        return codebuild.ComputeType.SMALL
    large = size_gib >= _GIB_OF_MEDIUM
    return codebuild.ComputeType.LARGE if large else codebuild.ComputeType.MEDIUM


def _assets(scope: Construct, build: Build, settings: Staging) -> dict[str, s3_assets.Asset]:
    from aws_cdk import aws_s3_assets as s3_assets

    assets = {
        name: s3_assets.Asset(scope, f"Asset-{name}", path=str(folder), exclude=IGNORED)
        for name, folder in build.folders.items()
    }
    if settings.ca_bundle:
        file = Path(settings.ca_bundle)
        # A build takes archives alone as sources: a folder in which all but the file is ignored.
        assets["ca"] = s3_assets.Asset(
            scope,
            "Asset-ca",
            path=str(file.parent),
            exclude=["*", f"!{file.name}"],
            ignore_mode=IgnoreMode.GIT,
        )
    return assets


def _source(asset: s3_assets.Asset, identifier: str | None = None) -> codebuild.ISource:
    from aws_cdk import aws_codebuild as codebuild

    return codebuild.Source.s3(bucket=asset.bucket, path=asset.s3_object_key, identifier=identifier)


def _variables(build: Build, settings: Staging) -> dict[str, codebuild.BuildEnvironmentVariable]:
    from aws_cdk import aws_codebuild as codebuild

    plain = {**settings.variables(), **build.variables}
    if settings.ca_bundle:
        plain["CA_FILE"] = Path(settings.ca_bundle).name
    variables = {
        name: codebuild.BuildEnvironmentVariable(value=value) for name, value in plain.items()
    }
    if build.token is not None:
        variables["HF_TOKEN"] = codebuild.BuildEnvironmentVariable(
            type=codebuild.BuildEnvironmentVariableType.SECRETS_MANAGER,
            value=build.token.secret_arn,
        )
    return variables


def _log_group(scope: Construct) -> logs.LogGroup:
    from aws_cdk import aws_logs as logs

    return logs.LogGroup(
        scope,
        "BuildLog",
        retention=logs.RetentionDays.ONE_MONTH,
        removal_policy=RemovalPolicy.DESTROY,
    )


def _make_role(scope: Construct) -> iam.IRole:
    principal = iam.ServicePrincipal("codebuild.amazonaws.com")
    return iam.Role(scope, "BuildRole", assumed_by=principal)  # pyright: ignore[reportArgumentType, reportReturnType]


def _unchanged(role: iam.IRole) -> iam.IRole:
    return role.without_policy_updates() if isinstance(role, iam.Role) else role


def _grant(scope: Construct, role: iam.IRole, rights: Sequence[Statement]) -> iam.Policy:
    document = iam.PolicyDocument.from_json({"Version": "2012-10-17", "Statement": list(rights)})
    policy = iam.Policy(scope, "BuildPolicy", document=document)
    role.attach_inline_policy(policy)
    return policy
