"""What a run will do, as data: pure, printable, and the same for the same input."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
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
    """Bytes of the code folder."""

    file: LocalFile


@dataclass(frozen=True, slots=True)
class FromStore:
    """Bytes that already lie in the bucket: copied by S3 itself, or read into an archive.

    Args:
        key: Object with the same contents.
        etag: The state of the object that was looked at.
    """

    key: str
    etag: str


@dataclass(frozen=True, slots=True)
class InPlace:
    """Bytes that lie where they belong."""


@dataclass(frozen=True, slots=True)
class ArchiveHead:
    """The beginning of an archive in the bucket, which holds exactly the models' files.

    Args:
        key: The archive.
        etag: The state of it that was looked at.
        end: Compressed bytes of the beginning.
        length: Bytes that they hold.
        crc32: Checksum of those.
    """

    key: str
    etag: str
    end: int
    length: int
    crc32: int


Source = FromHub | FromFolder | FromStore | InPlace


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file as it will lie below the prefix, or inside the archive.

    Args:
        path: Path below the prefix.
        size: Bytes.
        sha256: Digest; None where only git's object id is known before the bytes pass.
        blob_id: Git's object id of the contents; None where the digest is known.
        model_id: Model that it belongs to; None for code.
        source: Where its bytes come from.
    """

    path: str
    size: int
    sha256: str | None
    blob_id: str | None
    model_id: str | None
    source: Source

    @property
    def identity(self) -> str:
        """A name of the contents: equal for equal files."""
        # The id stays what it is when the digest becomes known.
        return f"blob:{self.blob_id}" if self.blob_id else f"sha256:{self.sha256}"


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
    """

    bucket: str
    prefix: str
    archive: bool
    snapshots: tuple[Snapshot, ...]
    files: tuple[PlannedFile, ...]
    head: ArchiveHead | None = None

    @property
    def fingerprint(self) -> str:
        """A digest of all that will lie there, whatever way it comes."""
        facts = [[file.path, file.size, file.identity] for file in self.files]
        text = json.dumps([LAYOUT, self.archive, facts], separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def manifest_key(self) -> str:
        """Where the run tells what it staged: beside the prefix, so that no server loads it."""
        return f"{self.prefix.rstrip('/')}.manifest.json"

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


def wanted_files(
    snapshots: Sequence[Snapshot], code: Sequence[LocalFile]
) -> tuple[PlannedFile, ...]:
    """Lay out models and code; one model at the root, several in a folder each.

    Raises:
        StagingError: two files would take the same place.
    """
    several = len(snapshots) > 1
    files = [
        _from_hub(snapshot, file, f"{snapshot.model.name}/" if several else "")
        for snapshot in snapshots
        for file in snapshot.files
        # The user's code takes the place of what the repository calls so.
        if several or not code or not file.path.startswith(CODE)
    ]
    files += [
        PlannedFile(f"{CODE}{file.path}", file.size, file.sha256, None, None, FromFolder(file))
        for file in code
    ]
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


def describe(plan: Plan) -> dict[str, object]:
    """Return the plan as JSON data."""
    return {
        "destination": f"s3://{plan.bucket}/{plan.prefix}" + (ARCHIVE if plan.archive else ""),
        "manifest": f"s3://{plan.bucket}/{plan.manifest_key}",
        "fingerprint": plan.fingerprint,
        "models": [
            {
                "model_id": snapshot.model.model_id,
                "revision": snapshot.model.revision,
                "commit": snapshot.commit,
            }
            for snapshot in plan.snapshots
        ],
        "size": plan.size,
        "reuses": plan.head.key if plan.head else None,
        "compute_type": compute_type_for(plan.size),
        "files": [_describe_file(file) for file in plan.files],
    }


def _describe_file(file: PlannedFile) -> Mapping[str, object]:
    step = {FromHub: "fetch", FromFolder: "upload", FromStore: "copy", InPlace: "keep"}
    source = {"from": file.source.key} if isinstance(file.source, FromStore) else {}
    return {
        "path": file.path,
        "size": file.size,
        "digest": file.identity,
        "step": step[type(file.source)],
        **source,
    }


def compute_type_for(size: int) -> str:
    """Return the CodeBuild compute type whose network suits *size* bytes.

    Memory needs no thought: a run takes the same for any model.

    >>> compute_type_for(2 * 1024**3), compute_type_for(140 * 1024**3)
    ('BUILD_GENERAL1_SMALL', 'BUILD_GENERAL1_LARGE')
    """
    gib = size / 1024**3
    if gib < 10:  # noqa: PLR2004
        return "BUILD_GENERAL1_SMALL"
    return "BUILD_GENERAL1_MEDIUM" if gib < 60 else "BUILD_GENERAL1_LARGE"  # noqa: PLR2004
