"""Weights that a build brings from the Hub to S3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from constructs import Construct

from sagemaker_model.deployment.deployment import ModelData, StagedFacts
from sagemaker_model.permissions import Statement, read_objects
from sagemaker_model.staging.hub_token import hub_token
from sagemaker_model.weights.hub_model import check_can_be_staged
from sagemaker_model.weights.weights import BoundWeights, Wanted, Weights

if TYPE_CHECKING:
    from aws_cdk import aws_secretsmanager as secretsmanager


@dataclass(frozen=True, slots=True)
class Staged(Weights):
    """The Hub's files, selected and verified by the staging program."""

    from_model_id: ClassVar[bool] = True
    allow_patterns: tuple[str, ...]
    ignore_patterns: tuple[str, ...]
    ignore_rules: tuple[str, ...]

    def bind(self, scope: Construct, wanted: Wanted) -> BoundWeights:
        """Make the build and the custom resource that asks for it."""
        if not wanted.models:
            raise ValueError(
                "Weights.staged() brings a model from the Hub, but there is no model_id; give it, "
                "or say where else the weights are: Weights.from_s3(…), Weights.from_directory(…)"
            )
        check_can_be_staged(wanted.models)
        optional = {
            "LISTINGS": ",".join(f"{model}={digest}" for model, digest in wanted.listings.items()),
            "ALLOW_PATTERNS": ",".join(self.allow_patterns),
            "IGNORE_PATTERNS": ",".join(self.ignore_patterns),
            "IGNORE_RULES": ",".join(self.ignore_rules),
        }
        mirrored = wanted.staging is not None and wanted.staging.hf_endpoint is not None
        return stage_weights(
            scope,
            wanted,
            variables={
                "MODEL_ID": ",".join(str(model) for model in wanted.models),
                **{name: value for name, value in optional.items() if value},
            },
            facts={
                "models": [str(model) for model in wanted.models],
                "allow": sorted(self.allow_patterns),
                "ignore": sorted(self.ignore_patterns),
            },
            token=hub_token(scope, wanted.hf_token),
            unpinned=tuple(str(model) for model in wanted.models if not model.pinned),
            anonymous=wanted.hf_token is None and not mirrored,
        )


def stage_weights(
    scope: Construct,
    wanted: Wanted,
    *,
    variables: Mapping[str, str],
    facts: Mapping[str, object],
    folders: Mapping[str, Path] | None = None,
    rights: tuple[Statement, ...] = (),
    token: secretsmanager.ISecret | None = None,
    archive: bool | None = None,
    unpinned: tuple[str, ...] = (),
    anonymous: bool = False,
) -> BoundWeights:
    """Have files staged, the deployment's code beside them, and let its role read them.

    Args:
        scope: The construct that the staged prefix belongs to.
        wanted: What the deployment wants.
        variables: What the staging program is told of the files' source.
        facts: What decides over the files.
        folders: Local folders that the build needs.
        rights: What the build's role must be allowed to read.
        token: Secret with the Hub token.
        archive: Whether the files are packed. Default: as the deployment wants.
        unpinned: Models whose revision may move.
        anonymous: Whether the build asks the Hub itself, and without a token.
    """
    from sagemaker_model.staging.build_project import compute_type_for
    from sagemaker_model.staging.staged_files import Source, stage

    code = wanted.code
    source = Source(
        variables={
            **variables,
            **({"BUNDLE_PYTHON": code.bundle_python} if code and code.bundle_python else {}),
        },
        facts={**facts, "code": [code.digest, code.bundle_python] if code else None},
        folders={**(folders or {}), **({"code": code.folder} if code else {})},
        rights=rights,
        token=token,
    )
    by_settings = wanted.compute_type or (wanted.staging and wanted.staging.compute_type)
    files = stage(
        scope,
        source,
        archive=wanted.archive if archive is None else archive,
        store=wanted.store,
        staging=wanted.staging,
        compute_type=by_settings or compute_type_for(wanted.size_gib),
        removal_policy=wanted.removal_policy,
    )
    return BoundWeights(
        model_data=ModelData(uri=files.uri, compressed=files.archive),
        statements=read_objects(files.place.bucket_arn, files.place.prefix, files.place.key_arn),
        dependencies=(files.resource,),
        staged=StagedFacts(
            default_store=wanted.store is None, unpinned=unpinned, anonymous=anonymous
        ),
        manifest_uri=files.manifest_uri,
    )
