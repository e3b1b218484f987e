"""A folder in S3 that an endpoint writes to or reads from, and what that takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import RemovalPolicy
from constructs import Construct

from sagemaker_model.compliance import acknowledge_rules, in_all_packs
from sagemaker_model.permissions import Statement, allow, partition

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3

_URI = re.compile(r"s3://(?P<bucket>[^/*?]+)(?:/(?P<folder>[^*?]*))?")
_MAX_URI = 512  # DestinationS3Uri in the SageMaker API reference

_REWRITTEN = "Each request writes a file of its own name, which is never overwritten."
_HERE = "What was served is of use where it is; a copy elsewhere is the owner's to ask for."


@dataclass(frozen=True, slots=True)
class S3Folder:
    """A folder of a bucket.

    Args:
        bucket_name: Name of the bucket.
        bucket_arn: Its ARN.
        folder: What the keys begin with, without a slash at either end; empty is all of it.
    """

    bucket_name: str
    bucket_arn: str
    folder: str

    @staticmethod
    def parse(name: str, uri: str) -> S3Folder:
        """Read an S3 URI.

        Args:
            name: The argument, as the user wrote it.
            uri: ``s3://bucket/folder``; bucket and folder may be tokens.

        Raises:
            ValueError: It is none, or it has a wildcard.
        """
        match = _URI.fullmatch(uri)
        if match is None or len(uri) > _MAX_URI:
            raise ValueError(
                f"{name} must be s3://bucket/folder of at most {_MAX_URI} characters without * "
                f"and ?, got {uri!r}; where the whole URI is a token, write s3:// and put the "
                "names of bucket and folder together"
            )
        arn = f"arn:{partition()}:s3:::{match['bucket']}"
        return S3Folder(match["bucket"], arn, (match["folder"] or "").strip("/"))

    @staticmethod
    def of_bucket(bucket: s3.IBucket, folder: str) -> S3Folder:
        """Return a folder of a bucket that the app makes."""
        return S3Folder(bucket.bucket_name, bucket.bucket_arn, folder)

    @property
    def uri(self) -> str:
        """``s3://bucket/folder``."""
        return f"s3://{self.bucket_name}/{self.folder}".rstrip("/")

    def write(self, sid: str, key: kms.IKey | None) -> tuple[Statement, ...]:
        """Let the role write below the folder, and with the key.

        The actions are those of "CreateEndpoint" under async-inference-create-endpoint and of
        KmsKeyId in the SageMaker API reference.
        """
        put = allow(sid, ["s3:AbortMultipartUpload", "s3:PutObject"], [self._objects()])
        if key is None:
            return (put,)
        use = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]
        return (put, allow(f"{sid}Key", use, [key.key_arn]))

    def read(self, sid: str, key: kms.IKey | None) -> tuple[Statement, ...]:
        """Let the role read below the folder, and with the key."""
        get = allow(sid, ["s3:GetObject"], [self._objects()])
        if key is None:
            return (get,)
        return (get, allow(f"{sid}Key", ["kms:Decrypt"], [key.key_arn]))

    def _objects(self) -> str:
        return f"{self.bucket_arn}/{self.folder}/*" if self.folder else f"{self.bucket_arn}/*"


def make_bucket(scope: Construct, id_: str, key: kms.IKey | None) -> s3.IBucket:
    """Make a bucket for what an endpoint writes: encrypted, open to nobody, reached by TLS.

    It stays when the endpoint's stack is deleted, as what was answered can't be had again.

    Args:
        scope: The model.
        id_: The bucket's name in *scope*.
        key: Key that the objects are encrypted with; None is S3's own.
    """
    from aws_cdk import aws_s3 as s3

    bucket = s3.Bucket(
        scope,
        id_,
        encryption=s3.BucketEncryption.KMS if key else s3.BucketEncryption.S3_MANAGED,
        encryption_key=key,
        bucket_key_enabled=True if key else None,
        enforce_ssl=True,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        removal_policy=RemovalPolicy.RETAIN,
    )
    reasons = {
        **dict.fromkeys(in_all_packs("S3BucketVersioningEnabled"), _REWRITTEN),
        **dict.fromkeys(in_all_packs("S3BucketReplicationEnabled"), _HERE),
    }
    acknowledge_rules(bucket, reasons)
    return bucket  # pyright: ignore[reportReturnType]
