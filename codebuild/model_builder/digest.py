"""Says whether the bytes that passed are those that were asked for."""

from __future__ import annotations

import hashlib

from model_builder.errors import StagingError
from model_builder.plan import PlannedFile


class CorruptedError(StagingError):
    """A file's bytes are not those that its digest promises."""


class Digest:
    """Hashes one file's bytes in order.

    Args:
        file: What the bytes should be.
    """

    def __init__(self, file: PlannedFile) -> None:
        self._file = file
        self._sha256 = hashlib.sha256()
        # Git names an object by its SHA-1; nothing else is known of files that git holds itself.
        self._blob = hashlib.sha1(b"blob %d\0" % file.size, usedforsecurity=False)

    def update(self, data: bytes | bytearray | memoryview) -> None:
        """Take in the next bytes."""
        self._sha256.update(data)
        if self._file.sha256 is None:
            self._blob.update(data)

    def verified(self) -> str:
        """Return the SHA-256 of all bytes; of an object that has no digest, just what it is.

        Raises:
            CorruptedError: they are not the file.
        """
        sha256 = self._sha256.hexdigest()
        if self._file.etag:
            return sha256
        if self._file.sha256 is None:
            expected, got = self._file.blob_id, self._blob.hexdigest()
        else:
            expected, got = self._file.sha256, sha256
        if expected != got:
            raise CorruptedError(f"{self._file.path}: the digest is {got}, not {expected}")
        return sha256
