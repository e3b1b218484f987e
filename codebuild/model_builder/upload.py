"""An object that appears whole or not at all."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Self
from urllib.parse import quote

from model_builder.errors import StagingError
from model_builder.plan import PlannedFile
from model_builder.store import Part, Store, StoredObject, UploadGoneError


class Upload:
    """A multipart upload: leaving the ``with`` block before :meth:`complete` drops it.

    Another build of the same plan may finish first and clear away what it takes for remains.
    Then this one goes on checking its bytes, and counts the other's object as its own.

    Args:
        store: The bucket.
        key: Where the object will lie.
        notes: Metadata to give with it.
    """

    def __init__(self, store: Store, key: str, notes: Mapping[str, str]) -> None:
        self._store = store
        self._key = key
        self._notes = notes
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
            self._store.abort_upload(self._key, self._id)

    def put(self, number: int, body: bytes | bytearray) -> None:
        """Send a part, from any thread."""
        upload = self._started()
        if self._gone:
            return
        try:
            self._parts.append(self._store.put_part(self._key, upload, number, body))
        except UploadGoneError:
            self._gone = True

    def complete(self) -> None:
        """Make the object appear.

        Raises:
            StagingError: somebody ended the upload, and left no such object.
        """
        try:
            if not self._gone:
                self._store.end_upload(self._key, self._started(), self._parts)
        except UploadGoneError:
            self._gone = True
        self._id = None
        if self._gone:
            self._expect_others_object()

    def _started(self) -> str:
        with self._lock:
            if self._id is None:
                self._id = self._store.start_upload(self._key, self._notes)
            return self._id

    def _expect_others_object(self) -> None:
        found = self._store.find(self._key)
        if found is None or dict(found.notes) != dict(self._notes):
            raise StagingError(f"the upload of {self._key} was ended by something else; run again")


def notes_for(prefix: str, file: PlannedFile, sha256: str | None) -> dict[str, str]:
    """Return what is noted with an object, so that a later run knows it for what it is."""
    notes = {"staged-for": quote(prefix), "blob-id": file.blob_id, "sha256": sha256}
    return {name: value for name, value in notes.items() if value}


def holds(found: StoredObject, file: PlannedFile) -> str | None:
    """Return the SHA-256 of an object that is noted to hold *file*; None where it is not."""
    sha256 = found.notes.get("sha256")
    same = sha256 == file.sha256 if file.sha256 else found.notes.get("blob-id") == file.blob_id
    return sha256 if same and sha256 and found.size == file.size else None
