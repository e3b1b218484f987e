"""Finds the nearest place that a planned file's bytes can be had from: nothing moves twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from model_builder.manifest import Manifest, StagedFile
from model_builder.plan import ArchiveHead, FromStore, InPlace, PlannedFile
from model_builder.store import Store, StoredObject
from model_builder.upload import holds

RENEWED_AFTER = timedelta(days=5)
"""Age at which an unfinished file is copied onto itself: after seven days it may expire."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """Looks for files in the bucket.

    Args:
        store: The bucket.
        prefix: Where the files will lie.
        staged: All that is staged in the bucket.
        finished: Whether the prefix has a manifest, so that nothing below it expires.
        now: The time.
    """

    store: Store
    prefix: str
    staged: Sequence[Manifest]
    finished: bool
    now: datetime

    def to(
        self, files: Sequence[PlannedFile], there: Mapping[str, int], *, connections: int
    ) -> tuple[PlannedFile, ...]:
        """Return the files with the nearest place of their bytes as source.

        Args:
            files: The files.
            there: Size of each object below the prefix, by key.
            connections: Requests at a time.
        """
        elsewhere = _by_identity(self.staged)
        with ThreadPoolExecutor(connections) as pool:
            return tuple(
                pool.map(
                    lambda file: self._in_place(file, there) or self._elsewhere(file, elsewhere),
                    files,
                )
            )

    def _in_place(self, file: PlannedFile, there: Mapping[str, int]) -> PlannedFile | None:
        key = f"{self.prefix}{file.path}"
        found = self.store.find(key) if there.get(key) == file.size else None
        sha256 = holds(found, file) if found else None
        if found is None or sha256 is None:
            return None
        source = InPlace() if self.lasts(found) else FromStore(key, found.etag)
        return replace(file, sha256=sha256 or None, source=source)

    def lasts(self, found: StoredObject) -> bool:
        """Whether an object will still be there when a build is done."""
        return self.finished or self.now - found.modified < RENEWED_AFTER

    def _elsewhere(
        self, file: PlannedFile, elsewhere: Mapping[str, Sequence[StagedFile]]
    ) -> PlannedFile:
        is_ours = isinstance(file.source, FromStore) or file.model_id is None
        for staged in () if is_ours else elsewhere.get(file.identity, ()):
            found = self.store.find(staged.key)
            sha256 = holds(found, file) if found else None
            if found and sha256 and staged.key != f"{self.prefix}{file.path}":
                return replace(file, sha256=sha256, source=FromStore(staged.key, found.etag))
        return file


def find_head(
    files: Sequence[PlannedFile], staged: Iterable[Manifest], store: Store
) -> tuple[ArchiveHead | None, tuple[PlannedFile, ...]]:
    """Find an archive that begins with exactly these models' files.

    Returns:
        That beginning, None where there is none, and the files with the digests that it tells.
    """
    wanted = [(f.path, f.size, f.identity) for f in files if f.model_id is not None]
    for manifest in staged:
        if wanted and manifest.head and wanted == _head_contents(manifest):
            archive = manifest.files[0]
            found = store.find(archive.key)
            if (
                found
                and found.size == archive.size
                and found.notes.get("plan") == manifest.fingerprint
            ):
                head = head_of(manifest, FromStore(archive.key, found.etag))
                known = {member.path: member.sha256 for member in manifest.members}
                return head, tuple(
                    replace(f, sha256=f.sha256 or known[f.path]) if f.model_id is not None else f
                    for f in files
                )
    return None, tuple(files)


def head_of(manifest: Manifest, archive: FromStore) -> ArchiveHead | None:
    """Return the beginning of an archive that a manifest tells of, if it is one that has such."""
    head = manifest.head
    return ArchiveHead(archive, head.end, head.length, head.crc32) if head else None


def _head_contents(manifest: Manifest) -> list[tuple[str, int, str]]:
    return [
        (m.path, m.size, f"blob:{m.blob_id}" if m.blob_id else f"sha256:{m.sha256}")
        for m in manifest.members
        if m.model_id is not None
    ]


def _by_identity(staged: Iterable[Manifest]) -> dict[str, list[StagedFile]]:
    found: dict[str, list[StagedFile]] = {}
    for manifest in staged:
        for file in () if manifest.members else manifest.files:
            found.setdefault(f"sha256:{file.sha256}", []).append(file)
            if file.blob_id:
                found.setdefault(f"blob:{file.blob_id}", []).append(file)
    return found
