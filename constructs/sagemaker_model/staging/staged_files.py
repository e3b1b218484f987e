"""Files staged for one construct: a build, and the custom resource that asks for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import CustomResource, RemovalPolicy, Stack
from constructs import Construct

from sagemaker_model.permissions import Statement
from sagemaker_model.staging.artifact_store import ArtifactStore
from sagemaker_model.staging.build_project import Build, make_project
from sagemaker_model.staging.names import owner_prefix
from sagemaker_model.staging.provider import StagingProvider
from sagemaker_model.staging.rights import Place, build_rights
from sagemaker_model.staging.staged_prefix import ARCHIVE, StagedPrefix, digest_of
from sagemaker_model.staging.staging import Staging

if TYPE_CHECKING:
    from aws_cdk import aws_codebuild as codebuild
    from aws_cdk import aws_secretsmanager as secretsmanager


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the files of a prefix come from.

    Args:
        variables: What the program is told, such as ``MODEL_ID``.
        facts: What decides over the files, for the digest; may hold tokens.
        folders: Local folders that travel as assets: ``code``, ``weights``.
        rights: What the build's role must be allowed beyond its own prefix.
        token: Secret with the Hub token; None without.
        size_gib: Size of the weights in GiB, as far as it is known.
    """

    variables: Mapping[str, str]
    facts: Mapping[str, object]
    folders: Mapping[str, Path] = field(default_factory=dict)
    rights: tuple[Statement, ...] = ()
    token: secretsmanager.ISecret | None = None
    size_gib: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedFiles:
    """Files that will have been staged when the resource is there.

    Args:
        place: The construct's prefix, of which the execution role reads all: the fleet goes on
            reading the old files until it has moved to the new ones.
        uri: ``s3://bucket/prefix/``, or that of the archive.
        archive: Whether *uri* is one ``.tar.gz``.
        manifest_uri: Where the manifest lies.
        resource: The custom resource, on which whoever reads the files depends.
    """

    place: Place
    uri: str
    archive: bool
    manifest_uri: str
    resource: CustomResource


def stage(
    scope: Construct,
    source: Source,
    *,
    archive: bool,
    store: ArtifactStore | None,
    staging: Staging | None,
    compute_type: codebuild.ComputeType | None,
    removal_policy: RemovalPolicy | None,
) -> StagedFiles:
    """Have files staged below a prefix that belongs to *scope*.

    Args:
        scope: The construct that the prefix belongs to.
        source: Where the files come from.
        archive: Whether they are packed.
        store: Where they lie. Default: the stack's own store, which is deleted with it.
        staging: Settings of the build. Default: ``Staging()``.
        compute_type: Size of the build's machine. Default: as *staging* says.
        removal_policy: ``RETAIN`` keeps the files when the construct does not need them any more.
            Default: they are deleted.
    """
    retain = removal_policy is RemovalPolicy.RETAIN
    store = store if store is not None else ArtifactStore.of(scope, retained=retain)
    prefix = _prefix(scope, store, source, archive=archive)
    key = store.encryption_key
    key_arn = key.key_arn if key else None
    own = Place(bucket_arn=store.bucket_arn, prefix=prefix.owner, key_arn=key_arn)
    whole = Place(bucket_arn=store.bucket_arn, prefix=store.prefix, key_arn=key_arn)
    build = Build(
        variables={
            **source.variables,
            "DESTINATION": f"s3://{store.bucket_name}/{prefix.prefix}",
            **({"ARCHIVE": "1"} if archive else {}),
        },
        folders=source.folders,
        token=source.token,
        rights=(*build_rights(own, whole), *source.rights),
        compute_type=compute_type,
    )
    project = make_project(scope, scope, build, staging or Staging())
    provider = StagingProvider.of(scope)
    resource = CustomResource(
        scope,
        "Weights",
        resource_type="Custom::SageMakerModelWeights",
        service_token=provider.service_token,
        properties={
            "Bucket": store.bucket_name,
            "Prefix": prefix.prefix,
            "Project": project.name,
            "Retain": "true" if retain else "false",
        },
    )
    # Rights are there before they are needed, and go after the files they are about.
    resource.node.add_dependency(project.rights, provider.allow(store), *store.guards)
    uri = f"s3://{store.bucket_name}/{prefix.prefix}"
    return StagedFiles(
        place=own,
        uri=f"{uri}{ARCHIVE}" if archive else uri,
        archive=archive,
        manifest_uri=f"s3://{store.bucket_name}/{prefix.manifest_key}",
        resource=resource,
    )


def _prefix(
    scope: Construct, store: ArtifactStore, source: Source, *, archive: bool
) -> StagedPrefix:
    facts = Stack.of(scope).resolve({**source.facts, "archive": archive})
    plain = json.loads(json.dumps(facts))
    return StagedPrefix(owner=f"{store.prefix}{owner_prefix(scope)}", digest=digest_of(plain))
