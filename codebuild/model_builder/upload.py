"""An object that appears whole or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Self
from urllib.parse import quote

from model_builder.errors import StagingError
from model_builder.plan import FromStore, PlannedFile
from model_builder.s3_errors import ChangedError, UploadGoneError
from model_builder.store import Store, StoredObject
from model_builder.uploads import Part


class Upload:
    """A multipart upload: leaving the ``with`` block before :meth:`complete` drops it.

    Another build of the same plan may finish first and clear away what it takes for remains.
    Then this one goes on checking its bytes, and counts the other's object as its own.

    Args:
        store: The bucket.
        key: Where the object will lie.
        notes: Metadata to give with it.
        new: Whether nothing may lie there. Default: an object that does so is not replaced.
    """

    def __init__(
        self, store: Store, key: str, notes: Mapping[str, str], *, new: bool = True
    ) -> None:
        self._store = store
        self._uploads = store.uploads
        self._key = key
        self._notes = notes
        self._new = new
        self._lock = threading.Lock()
        self._id: str | None = None
        self._parts: list[Part] = []
        self._gone = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.drop()

    def drop(self) -> None:
        """Take back what was sent; after :meth:`complete` there is nothing to take back."""
        if self._id is not None:
            self._uploads.abort(self._key, self._id)

    def put(self, number: int, body: bytes | bytearray) -> None:
        """Send a part, from any thread."""
        self._add(lambda upload: self._uploads.put(self._key, upload, number, body))

    def copy(self, number: int, source: FromStore, span: tuple[int, int]) -> None:
        """Make a part of another object's bytes (first, behind the last), from any thread."""
        self._add(lambda upload: self._uploads.copy(self._key, upload, number, source, span))

    def complete(self) -> None:
        """Make the object appear.

        Raises:
            StagingError: somebody ended the upload, and left no such object.
        """
        upload = self._started()
        try:
            if not self._gone:
                self._uploads.end(self._key, upload, self._parts, new=self._new)
                self._id = None
        except UploadGoneError:
            self._gone = True
        except ChangedError:
            self.drop()
            self._gone = True
        self._id = None
        if self._gone:
            expect(self._store, self._key, self._notes)

    def _add(self, send: Callable[[str], Part]) -> None:
        upload = self._started()
        if self._gone:
            return
        try:
            self._parts.append(send(upload))
        except UploadGoneError:
            self._gone = True

    def _started(self) -> str:
        with self._lock:
            if self._id is None:
                self._id = self._uploads.start(self._key, self._notes)
            return self._id


def expect(store: Store, key: str, notes: Mapping[str, str]) -> None:
    """See that another build has written what this one was about to write.

    Raises:
        StagingError: something else lies there, or nothing.
    """
    found = store.find(key)
    if found is None or dict(found.notes) != dict(notes):
        raise StagingError(f"something else wrote {key}, or ended its upload; run again")


def notes_for(prefix: str, file: PlannedFile, sha256: str | None) -> dict[str, str]:
    """Return what is noted with an object, so that a later run knows it for what it is."""
    notes = {
        "staged-for": quote(prefix),
        "blob-id": file.blob_id,
        "sha256": sha256,
        "source-etag": _plain(file.etag),
    }
    return {name: value for name, value in notes.items() if value}


def holds(found: StoredObject, file: PlannedFile) -> str | None:
    """Return the SHA-256 of an object that is noted to hold *file*; None where it is not.

    It is empty where nobody knows it: S3 computes none of a copy made in parts.
    """
    notes = found.notes
    if found.size != file.size:
        return None
    if file.etag:
        same = notes.get("source-etag") == _plain(file.etag)
        return (found.sha256 or "") if same else None
    sha256 = notes.get("sha256")
    same = sha256 == file.sha256 if file.sha256 else notes.get("blob-id") == file.blob_id
    return sha256 if same and sha256 else None


def _plain(etag: str | None) -> str:
    return (etag or "").strip('"')
