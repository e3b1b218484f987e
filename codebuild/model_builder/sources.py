"""Reads a planned file's bytes from wherever they are."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from model_builder.errors import StagingError
from model_builder.model import Model, RemoteFile
from model_builder.plan import FromFolder, FromHub, FromStore, InPlace, PlannedFile
from model_builder.retry import Retry
from model_builder.store import Store


class Read(Protocol):
    """Fills a view with a file's bytes from a start on."""

    def __call__(self, file: PlannedFile, start: int, view: memoryview) -> None:
        """Read as many bytes as *view* takes."""


class Remote(Protocol):
    """Hands out the bytes of models' files, as the Hub does."""

    def read(
        self, model: Model, commit: str, file: RemoteFile, start: int, view: memoryview
    ) -> None:
        """Fill *view* with a file's bytes from *start* on."""


class Sources:
    """All places that bytes come from.

    Args:
        hub: For files of models.
        store: For files that lie in S3 already.
        retry: Budget of each read.
    """

    def __init__(self, hub: Remote, store: Store, retry: Retry) -> None:
        self._hub = hub
        self._store = store
        self._retry = retry

    def read(self, file: PlannedFile, start: int, view: memoryview) -> None:
        """Fill *view* with a file's bytes from *start* on.

        Raises:
            StagingError: they cannot be had.
        """
        match file.source:
            case FromHub(snapshot, remote):
                self._hub.read(snapshot.model, snapshot.commit, remote, start, view)
            case FromStore() as stored:
                self.read_object(stored, start, view)
            case FromFolder(local):
                _read_file(Path(local.location), start, view)
            case InPlace():
                raise AssertionError(f"{file.path} is where it belongs")

    def read_object(self, stored: FromStore, start: int, view: memoryview) -> None:
        """Fill *view* with the bytes of an object from *start* on."""
        store = self._store.elsewhere(stored.bucket)
        self._retry.run(stored.key, lambda: store.read(stored.key, stored.etag, start, view))


def _read_file(path: Path, start: int, view: memoryview) -> None:
    with path.open("rb") as file:
        file.seek(start)
        if file.readinto(view) < len(view):
            raise StagingError(f"{path} became shorter while it was read; run again")
