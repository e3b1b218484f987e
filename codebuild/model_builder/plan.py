"""What a run will do, as data: pure, printable, and the same for the same input."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from model_builder.errors import StagingError
from model_builder.model import MIB, LocalFile, RemoteFile, Snapshot
from model_builder.paths import MAX_KEY, collision

MAX_PARTS = 10_000
MIN_PART = 5 * MIB
"""S3 user guide, "Amazon S3 multipart upload limits"; the last part may be smaller."""
PART = 16 * MIB
"""A part is no smaller: with eight connections half the memory that a run may take."""
ARCHIVE = "model.tar.gz"
CODE = "code/"
LAYOUT = 1
"""Raised only when the same input would be staged differently."""


@dataclass(frozen=True, slots=True)
class FromHub:
    """Bytes that the Hub has."""

    snapshot: Snapshot
    file: RemoteFile


@dataclass(frozen=True, slots=True)
class FromFolder:
    """Bytes of a local folder."""

    file: LocalFile


@dataclass(frozen=True, slots=True)
class FromStore:
    """Bytes that already lie in S3: copied by S3 itself, or read into an archive.

    Args:
        key: Object with the same contents.
        etag: The state of the object that was looked at.
        bucket: Where it lies; empty for the bucket that is staged to.
    """

    key: str
    etag: str
    bucket: str = ""


@dataclass(frozen=True, slots=True)
class InPlace:
    """Bytes that lie where they belong."""


@dataclass(frozen=True, slots=True)
class ArchiveHead:
    """The beginning of an archive in S3, which holds exactly the models' files.

    Args:
        archive: The archive.
        end: Compressed bytes of the beginning.
        length: Bytes that they hold.
        crc32: Checksum of those.
    """

    archive: FromStore
    end: int
    length: int
    crc32: int


@dataclass(frozen=True, slots=True)
class GivenArchive:
    """An archive that is staged as it is, behind the code.

    Args:
        source: Where it lies.
        size: Bytes.
        sha256: Digest; None where nobody knows it.
    """

    source: FromStore
    size: int
    sha256: str | None = None


Source = FromHub | FromFolder | FromStore | InPlace


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file as it will lie below the prefix, or inside the archive.

    Args:
        path: Path below the prefix.
        size: Bytes.
        sha256: Digest; None where only git's object id is known before the bytes pass.
        blob_id: Git's object id of the contents; None where the digest is known.
        model_id: Model that it belongs to; empty where that has no name; None for code.
        source: Where its bytes come from.
        etag: State of the object that it is a copy of, where nobody knows a digest; else None.
    """

    path: str
    size: int
    sha256: str | None
    blob_id: str | None
    model_id: str | None
    source: Source
    etag: str | None = None

    @property
    def identity(self) -> str:
        """A name of the contents: equal for equal files."""
        # The id stays what it is when the digest becomes known.
        if self.blob_id or self.etag:
            return f"blob:{self.blob_id}" if self.blob_id else f"etag:{self.etag}"
        return f"sha256:{self.sha256}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What will lie where.

    Args:
        bucket: S3 bucket.
        prefix: Keys begin with this; ends with a slash.
        archive: Whether the files are packed.
        snapshots: The models, each at one commit.
        files: All files, models in the order they were asked for, code last.
        head: Archive whose beginning holds the same models' files; None packs them anew.
        given: Archive that is staged as it is, behind what *files* says; None stages no such.
        replaces: Keys below the prefix that hold something else now.
    """

    bucket: str
    prefix: str
    archive: bool
    snapshots: tuple[Snapshot, ...]
    files: tuple[PlannedFile, ...]
    head: ArchiveHead | None = None
    given: GivenArchive | None = None
    replaces: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """A digest of all that will lie there, whatever way it comes."""
        facts: list[list[object]] = [[file.path, file.size, file.identity] for file in self.files]
        if self.given:
            facts.append([ARCHIVE, self.given.size, self.given.source.etag])
        text = json.dumps([LAYOUT, self.archive, facts], separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def keys(self) -> frozenset[str]:
        """What will lie below the prefix."""
        if self.archive:
            return frozenset({f"{self.prefix}{ARCHIVE}"})
        return frozenset(f"{self.prefix}{file.path}" for file in self.files)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files) + (self.given.size if self.given else 0)


def hub_files(snapshots: Sequence[Snapshot]) -> tuple[PlannedFile, ...]:
    """Lay out models of the Hub: one at the root, several in a folder each."""
    several = len(snapshots) > 1
    return tuple(
        _from_hub(snapshot, file, f"{snapshot.model.name}/" if several else "")
        for snapshot in snapshots
        for file in snapshot.files
    )


def local_files(files: Sequence[LocalFile]) -> tuple[PlannedFile, ...]:
    """Lay out a local folder's weights at the root."""
    return tuple(_from_folder(file, file.path, "") for file in files)


def with_code(weights: Sequence[PlannedFile], code: Sequence[LocalFile]) -> tuple[PlannedFile, ...]:
    """Lay out code behind the weights, in ``code/``.

    Raises:
        StagingError: two files would take the same place.
    """
    # The user's code takes the place of what the weights bring as such.
    files = [file for file in weights if not (code and file.path.startswith(CODE))]
    files += [_from_folder(file, f"{CODE}{file.path}", None) for file in code]
    clash = collision(file.path for file in files)
    if clash:
        raise StagingError(
            f"A9 {clash!r}: would be there twice, or both a file and a folder; "
            "leave one out with IGNORE_PATTERNS"
        )
    return tuple(files)


def _from_hub(snapshot: Snapshot, file: RemoteFile, folder: str) -> PlannedFile:
    blob_id = None if file.sha256 else file.blob_id
    source = FromHub(snapshot, file)
    path = f"{folder}{file.path}"
    return PlannedFile(path, file.size, file.sha256, blob_id, snapshot.model.model_id, source)


def _from_folder(file: LocalFile, path: str, model_id: str | None) -> PlannedFile:
    return PlannedFile(path, file.size, file.sha256, None, model_id, FromFolder(file))


def check_keys(prefix: str, files: Sequence[PlannedFile]) -> None:
    """Refuse keys that S3 does not take.

    Raises:
        StagingError: a key would be too long.
    """
    for file in files:
        if len(f"{prefix}{file.path}".encode()) > MAX_KEY:
            raise StagingError(f"A9 {file.path}: the key is longer than {MAX_KEY} bytes")


def part_size_for(size: int, *, room: int, smallest: int = PART) -> int:
    """Return the bytes of each part of an object of *size* bytes.

    Args:
        size: Bytes of the object, or the most that it may become.
        room: Bytes that a part may take in memory.
        smallest: Bytes below which parts are not worth a request.

    Raises:
        StagingError: S3 takes the object only in parts that memory has no room for.

    >>> part_size_for(1024**4, room=160 * MIB) // MIB
    104
    """
    part = max(smallest, MIN_PART, -(-size // MAX_PARTS))
    if part > room:
        raise StagingError(
            f"a file of {size} bytes needs parts of {part // MIB + 1} MiB, "
            f"but there is room for {room // MIB} MiB: raise MEMORY_MIB"
        )
    return part
