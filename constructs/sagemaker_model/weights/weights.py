"""Where a model's weights come from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from constructs import Construct, IDependable

from sagemaker_model.deployment.deployment import ModelData, StagedFacts
from sagemaker_model.permissions import Statement
from sagemaker_model.weights.hub_model import HubModel

if TYPE_CHECKING:
    from aws_cdk import RemovalPolicy
    from aws_cdk import aws_codebuild as codebuild
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3
    from aws_cdk import aws_secretsmanager as secretsmanager

    from sagemaker_model.staging.artifact_store import ArtifactStore
    from sagemaker_model.staging.staging import Staging


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedCode:
    """Inference code that is put beside the weights.

    Args:
        folder: Local folder with ``inference.py``.
        digest: Digest of its files.
        bundle_python: Python for which wheels of its requirements are put beside it, such as
            ``"3.12"``; None bundles none.
    """

    folder: Path
    digest: str
    bundle_python: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a deployment wants of its weights.

    Args:
        models: Hugging Face ids and revisions; empty where the weights come from elsewhere.
        listings: Digests of what is locked of the models' files, by model id; see
            ``listing_digest``.
        code: Inference code that goes beside them; None for none.
        archive: Whether the files are packed into one ``model.tar.gz``.
        hf_token: Secret with the Hub token, its name or its ARN; None without.
        size_gib: Size of the weights in GiB, as far as it is known.
        store: Where staged files lie; None for the stack's own store.
        staging: Settings of the build; None for the defaults.
        compute_type: Size of the build's machine; None leaves it to the settings.
        removal_policy: What becomes of staged files that are not used any more.
    """

    models: tuple[HubModel, ...] = ()
    listings: Mapping[str, str] = field(default_factory=dict)
    code: StagedCode | None = None
    archive: bool = False
    hf_token: secretsmanager.ISecret | str | None = None
    size_gib: float | None = None
    store: ArtifactStore | None = None
    staging: Staging | None = None
    compute_type: codebuild.ComputeType | None = None
    removal_policy: RemovalPolicy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundWeights:
    """What a model needs to get its weights.

    Args:
        model_data: Files that SageMaker copies to ``/opt/ml/model``; None where the container
            downloads the weights itself.
        statements: What the execution role must be allowed.
        dependencies: What must exist before the model does.
        staged: How they were staged; None where they were not.
        manifest_uri: Where the manifest lies that tells what was staged; None without one.
    """

    model_data: ModelData | None = None
    statements: tuple[Statement, ...] = ()
    dependencies: tuple[IDependable, ...] = ()
    staged: StagedFacts | None = None
    manifest_uri: str | None = None


class Weights(ABC):
    """Say where a model's weights come from.

    Make one with :meth:`from_hub`, :meth:`staged`, :meth:`from_s3`, :meth:`from_bucket`,
    :meth:`from_directory` or :meth:`from_staged`.
    """

    from_model_id: ClassVar[bool] = False
    """Whether they are the files that the Hub has of the deployment's models."""

    @staticmethod
    def from_hub() -> Weights:
        """Let the container download the weights from the Hugging Face Hub when it starts.

        Nothing is staged, but every new instance downloads them again, it needs a way out to
        the internet (no network isolation, no isolated subnets), and only models that need no
        token can be had. All of that asks for :meth:`staged`.
        """
        from sagemaker_model.weights.from_hub import FromHub

        return FromHub()

    @staticmethod
    def from_s3(
        uri: str,
        *,
        compressed: bool | None = None,
        accept_eula: bool = False,
        encryption_key: kms.IKey | None = None,
    ) -> Weights:
        """Use files that are already in S3; the role is let read just these.

        Args:
            uri: ``s3://bucket/prefix/`` for the model's files as they are (best for large
                models), or ``s3://bucket/key.tar.gz`` for one archive. Parts of it may be
                tokens.
            compressed: Whether *uri* is one ``.tar.gz`` archive. Default: told by the end of
                *uri*; must be given where that end is a token.
            accept_eula: Whether you accept the model's licence, which gated JumpStart models
                ask for. Default: not said, and SageMaker refuses such a model.
            encryption_key: The KMS key the files are encrypted with, which the role is let
                decrypt with. Default: no customer managed key.

        Raises:
            ValueError: *uri* is no S3 URI, neither a prefix nor an archive, or has a wildcard.
        """
        from sagemaker_model.weights.from_s3 import FromS3

        return FromS3.of_uri(
            uri, compressed=compressed, accept_eula=accept_eula, encryption_key=encryption_key
        )

    @staticmethod
    def from_bucket(
        bucket: s3.IBucket,
        prefix: str,
        *,
        compressed: bool | None = None,
        accept_eula: bool = False,
    ) -> Weights:
        """Use files of a bucket of your app; the role is let read just these, and use its key.

        Args:
            bucket: The bucket, owned or imported.
            prefix: Prefix that ends in ``/``, or the key of a ``.tar.gz`` archive.
            compressed: As in :meth:`from_s3`.
            accept_eula: As in :meth:`from_s3`.

        Raises:
            ValueError: *prefix* is neither a prefix nor an archive, or has a wildcard.
        """
        from sagemaker_model.weights.from_s3 import FromS3

        return FromS3.of_bucket(bucket, prefix, compressed=compressed, accept_eula=accept_eula)

    @staticmethod
    def staged(
        *,
        allow_patterns: Sequence[str] = (),
        ignore_patterns: Sequence[str] = (),
        ignore_rules: Sequence[str] = (),
    ) -> Weights:
        """Have a build bring the weights from the Hub to S3, once for each change.

        The endpoint then needs neither Hub nor token, all instances serve the very same files,
        and they start faster. Files are verified against the Hub's digests.

        Args:
            allow_patterns: Patterns such as ``"*.gguf"``; with any, only matching files are
                staged, whatever their format. Default: weights in one format (safetensors
                before pickle) and all that belongs to them.
            ignore_patterns: Patterns of files that are left out. Default: none beyond what no
                server needs.
            ignore_rules: Ids of rules about model files, such as ``"A2"``, that do not stop the
                build. Default: all hold.
        """
        from sagemaker_model.weights.staged import Staged

        return Staged(tuple(allow_patterns), tuple(ignore_patterns), tuple(ignore_rules))

    @staticmethod
    def from_directory(path: str | Path, *, ignore_rules: Sequence[str] = ()) -> Weights:
        """Use the model's files in a local folder, which a build uploads as they are.

        Args:
            path: The folder, as ``save_pretrained`` or ``hf download --local-dir`` writes it.
            ignore_rules: As in :meth:`staged`.

        Raises:
            ValueError: There is no such folder, or its files are not what a server can load.
        """
        from sagemaker_model.weights.from_directory import FromDirectory

        return FromDirectory.of(path, tuple(ignore_rules))

    @staticmethod
    def from_staged(
        manifest_uri: str,
        *,
        sha256: str | None = None,
        encryption_key: kms.IKey | None = None,
        copy: bool = False,
    ) -> Weights:
        """Use files that were staged before, also in another account or Region, without the Hub.

        The other side must let this account read: ``ArtifactStore.grant_read``.

        Args:
            manifest_uri: ``s3://bucket/….manifest.json``, the ``manifest_uri`` of a
                ``StagedWeights``.
            sha256: Digest of that manifest, 64 hexadecimal digits: the deployment fails if it is
                another. Default: not checked.
            encryption_key: The KMS key that the files are encrypted with. Default: no customer
                managed key.
            copy: Whether S3 copies the files to this stack's store first, which another Region
                needs, as SageMaker reads from its own alone. Default: no, except where code is
                put beside them.

        Raises:
            ValueError: *manifest_uri* or *sha256* has a form that can't be right.
        """
        from sagemaker_model.weights.from_staged import FromStaged

        return FromStaged.of(manifest_uri, sha256=sha256, encryption_key=encryption_key, copy=copy)

    @abstractmethod
    def bind(self, scope: Construct, wanted: Wanted) -> BoundWeights:
        """Make what *scope* needs to have these weights.

        Raises:
            ValueError: They can't be had as the deployment wants them.
        """
