"""Weights that already lie in S3."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from constructs import Construct

from sagemaker_model.deployment.deployment import ModelData
from sagemaker_model.permissions import Statement, partition, read_objects
from sagemaker_model.tokens import is_token
from sagemaker_model.weights.staged import stage_weights
from sagemaker_model.weights.weights import BoundWeights, Wanted, Weights

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3

_URI = re.compile(r"s3://(?P<bucket>[^/]+)/(?P<prefix>.+)")
_MAX_URI = 1024  # CreateModel API reference, S3ModelDataSource.S3Uri


@dataclass(frozen=True, slots=True)
class FromS3(Weights):
    """Files below a prefix, or one archive."""

    bucket_name: str
    bucket_arn: str | None
    prefix: str
    compressed: bool
    accept_eula: bool
    encryption_key: kms.IKey | None

    @staticmethod
    def of_uri(
        uri: str, *, compressed: bool | None, accept_eula: bool, encryption_key: kms.IKey | None
    ) -> FromS3:
        """Read the bucket and prefix out of an S3 URI."""
        match = _URI.fullmatch(uri)
        if not match or len(uri) > _MAX_URI:
            raise ValueError(
                f"uri must be s3://bucket/prefix/ or s3://bucket/key.tar.gz of at most {_MAX_URI} "
                f"characters, got {uri!r}; where the whole URI is a token, use Weights.from_bucket"
            )
        prefix = match["prefix"]
        archive = _is_archive(prefix, compressed)
        return FromS3(match["bucket"], None, prefix, archive, accept_eula, encryption_key)

    @staticmethod
    def of_bucket(
        bucket: s3.IBucket, prefix: str, *, compressed: bool | None, accept_eula: bool
    ) -> FromS3:
        """Read name, ARN and key of a bucket construct."""
        archive = _is_archive(prefix, compressed)
        name, arn, key = bucket.bucket_name, bucket.bucket_arn, bucket.encryption_key
        return FromS3(name, arn, prefix, archive, accept_eula, key)

    def bind(self, scope: Construct, wanted: Wanted) -> BoundWeights:
        """Let the role read just these files; with code, have S3 copy them beside it."""
        if wanted.hf_token is not None:
            raise ValueError(
                "hf_token is given, but the weights are in S3 already, so that nothing would use "
                "it; leave hf_token out"
            )
        arn = self.bucket_arn or f"arn:{partition()}:s3:::{self.bucket_name}"
        key_arn = self.encryption_key.key_arn if self.encryption_key else None
        rights = read_objects(arn, self.prefix, key_arn)
        uri = f"s3://{self.bucket_name}/{self.prefix}"
        if wanted.code is not None:
            return self._joined(scope, wanted, uri, rights)
        data = ModelData(uri=uri, compressed=self.compressed, accept_eula=self.accept_eula)
        return BoundWeights(model_data=data, statements=rights)

    def _joined(
        self, scope: Construct, wanted: Wanted, uri: str, rights: tuple[Statement, ...]
    ) -> BoundWeights:
        """Join the files with code: by copies inside S3, packed as they were."""
        if wanted.archive and not self.compressed:
            raise ValueError(
                f"archive=True packs one archive, but the weights are the files below {uri!r}; "
                "leave archive out, or give the weights as a .tar.gz"
            )
        return stage_weights(
            scope,
            wanted,
            variables={"SOURCE": uri},
            facts={"source": uri},
            rights=rights,
            archive=self.compressed,
        )


def _is_archive(prefix: str, compressed: bool | None) -> bool:
    """Tell an archive from a prefix by its end, unless the user said which it is."""
    if "*" in prefix or "?" in prefix:
        raise ValueError(
            f"{prefix!r} has a wildcard (* or ?), which a policy reads as one, so the role could "
            "read more than the model; copy the files to a prefix without it"
        )
    if prefix.endswith("/") and not compressed:
        return False
    if prefix.endswith(".tar.gz") and compressed is not False:
        return True
    if is_token(prefix) and compressed:
        return True
    raise ValueError(
        f"{prefix!r} must end with '/' (the model's files below a prefix, compressed=False) or "
        "with '.tar.gz' (one archive, compressed=True); where the end of an archive's key is a "
        "token, say compressed=True"
    )
