"""Where a model's weights come from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from constructs import Construct, IDependable

from sagemaker_model.deployment.deployment import ModelData
from sagemaker_model.permissions import Statement

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundWeights:
    """What a model needs to get its weights.

    Args:
        model_data: Files that SageMaker copies to ``/opt/ml/model``; None where the container
            downloads the weights itself.
        statements: What the execution role must be allowed.
        dependencies: What must exist before the model does.
    """

    model_data: ModelData | None = None
    statements: tuple[Statement, ...] = ()
    dependencies: tuple[IDependable, ...] = ()


class Weights(ABC):
    """Say where a model's weights come from.

    Make one with :meth:`from_hub`, :meth:`from_s3` or :meth:`from_bucket`.
    """

    @staticmethod
    def from_hub() -> Weights:
        """Let the container download the weights from the Hugging Face Hub when it starts.

        Nothing is staged, but every new instance downloads them again, it needs a way out to
        the internet (no network isolation, no isolated subnets), and only models that need no
        token can be had.
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

    @abstractmethod
    def bind(self, scope: Construct) -> BoundWeights:
        """Make what *scope* needs to have these weights."""
