"""Names files in S3 that are staged from there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit

_MANIFEST = ".manifest.json"
_ARCHIVE = ".tar.gz"


class Kind(Enum):
    """What a URI in S3 names, told by its end."""

    PREFIX = "/"
    ARCHIVE = _ARCHIVE
    MANIFEST = _MANIFEST


@dataclass(frozen=True, slots=True)
class StoredSource:
    """Files in S3.

    Args:
        bucket: Where they lie.
        key: Prefix (ends with a slash), key of an archive, or key of a manifest.
        kind: Which of these it is.
        sha256: Digest that the manifest must have; None takes any.
    """

    bucket: str
    key: str
    kind: Kind
    sha256: str | None = None

    @property
    def uri(self) -> str:
        """``s3://bucket/key``."""
        return f"s3://{self.bucket}/{self.key}"

    @property
    def prefix(self) -> str:
        """Where the files lie that a manifest tells of; ends with a slash."""
        return f"{self.key.removesuffix(_MANIFEST)}/"


def parse_source(text: str) -> StoredSource:
    """Read a URI.

    Raises:
        ValueError: it names neither a prefix, an archive nor a manifest in S3.

    >>> parse_source("s3://bucket/job/output/model.tar.gz").kind
    <Kind.ARCHIVE: '.tar.gz'>
    """
    bucket, _, key = text.partition("://")[2].partition("/")
    kind = next((kind for kind in Kind if key.endswith(kind.value)), None)
    if urlsplit(text).scheme != "s3" or not bucket or not key.strip("/") or kind is None:
        raise ValueError(
            "must be 's3://bucket/prefix/', 's3://bucket/….tar.gz' or 's3://bucket/….manifest.json'"
        )
    return StoredSource(bucket, key, kind)
