"""Weights that were staged before, by somebody else perhaps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from constructs import Construct

from sagemaker_model.deployment.deployment import ModelData, StagedFacts
from sagemaker_model.permissions import Statement, allow, decrypt, partition, read_objects
from sagemaker_model.tokens import is_token
from sagemaker_model.weights.staged import stage_weights
from sagemaker_model.weights.weights import BoundWeights, Wanted, Weights

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

_SUFFIX = ".manifest.json"
_URI = re.compile(r"s3://(?P<bucket>[^/]+)/(?P<stem>.+)\.manifest\.json")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class FromStaged(Weights):
    """Files that a manifest lists."""

    bucket_name: str
    stem: str
    sha256: str | None
    encryption_key: kms.IKey | None
    copy: bool

    @staticmethod
    def of(
        manifest_uri: str, *, sha256: str | None, encryption_key: kms.IKey | None, copy: bool
    ) -> FromStaged:
        """Read bucket and prefix out of the manifest's URI."""
        match = _URI.fullmatch(manifest_uri)
        if not match or "*" in manifest_uri or "?" in manifest_uri:
            raise ValueError(
                f"manifest_uri must be s3://bucket/prefix{_SUFFIX}, as StagedWeights.manifest_uri "
                f"says it, got {manifest_uri!r}"
            )
        if sha256 is not None and not is_token(sha256) and not _SHA256.fullmatch(sha256):
            raise ValueError(f"sha256 must be 64 hexadecimal digits, got {sha256!r}")
        return FromStaged(match["bucket"], match["stem"], sha256, encryption_key, copy)

    @property
    def manifest_uri(self) -> str:
        """Where the manifest lies."""
        return f"s3://{self.bucket_name}/{self.stem}{_SUFFIX}"

    def bind(self, scope: Construct, wanted: Wanted) -> BoundWeights:
        """Let the role read just these files, or have them copied beside the code."""
        if wanted.hf_token is not None:
            raise ValueError(
                "hf_token is given, but the weights are staged already, so that nothing would use "
                "it; leave hf_token out"
            )
        if self.copy or wanted.code is not None:
            return self._copied(scope, wanted)
        return self._as_they_are(scope, wanted)

    def _copied(self, scope: Construct, wanted: Wanted) -> BoundWeights:
        sha256 = {"SOURCE_SHA256": self.sha256} if self.sha256 else {}
        return stage_weights(
            scope,
            wanted,
            variables={"SOURCE": self.manifest_uri, **sha256},
            facts={"manifest": self.manifest_uri, "sha256": self.sha256},
            rights=(*self._read_files(), *self._read_manifest()),
        )

    def _as_they_are(self, scope: Construct, wanted: Wanted) -> BoundWeights:
        from sagemaker_model.staging.provider import StagingProvider

        if wanted.archive:
            raise ValueError(
                "archive=True packs files, but these are used as they were staged; leave archive "
                "out, or give copy=True to Weights.from_staged"
            )
        checked = StagingProvider.of(scope).check_manifest(
            scope, self.manifest_uri, self.sha256, self._read_manifest()
        )
        return BoundWeights(
            model_data=ModelData(uri=f"s3://{self.bucket_name}/{self.stem}/", compressed=False),
            statements=self._read_files(),
            dependencies=(checked,),
            staged=StagedFacts(default_store=False),
        )

    def _read_files(self) -> tuple[Statement, ...]:
        return read_objects(self._bucket_arn, f"{self.stem}/", self._key_arn)

    def _read_manifest(self) -> tuple[Statement, ...]:
        manifest = allow(
            "ReadManifest", ["s3:GetObject"], [f"{self._bucket_arn}/{self.stem}{_SUFFIX}"]
        )
        return (manifest, *decrypt("DecryptManifest", self._key_arn))

    @property
    def _bucket_arn(self) -> str:
        return f"arn:{partition()}:s3:::{self.bucket_name}"

    @property
    def _key_arn(self) -> str | None:
        return self.encryption_key.key_arn if self.encryption_key else None
