"""What was staged, told beside the prefix when all of it lies there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

from model_builder.selection import VERSION as SELECTION_VERSION

SUFFIX = ".manifest.json"
VERSION = 1


@dataclass(frozen=True, slots=True)
class StagedModel:
    """A model as it was staged.

    Args:
        model_id: Name on the Hub.
        revision: What was asked for.
        commit: What that was.
    """

    model_id: str
    revision: str
    commit: str

    def __str__(self) -> str:
        return f"{self.model_id}@{self.commit}"


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A verified file.

    Args:
        key: S3 key; for a member of an archive its path inside.
        size: Bytes.
        sha256: Digest of the contents.
        model_id: Model that it belongs to; None for code and for archives.
        path: Path below the prefix.
        blob_id: Git's object id, where the Hub knows the file by it.
    """

    key: str
    size: int
    sha256: str
    path: str
    model_id: str | None = None
    blob_id: str | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The part of an archive that holds the models' files: its end, contents' length and CRC-32."""

    end: int
    length: int
    crc32: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that a run staged.

    Args:
        fingerprint: Digest of the plan.
        selection: What the files were selected with.
        created: When, in seconds since 1970.
        models: The models.
        files: Objects below the prefix.
        members: Files inside the archive; empty for a prefix.
        head: Where the models' files end inside the archive; None for a prefix.
        listings: Digest of all files that the Hub listed of each model, as far as it is known, by
            ``org/name@commit``.
    """

    fingerprint: str
    selection: str
    created: int
    models: tuple[StagedModel, ...]
    files: tuple[StagedFile, ...]
    members: tuple[StagedFile, ...] = ()
    head: Head | None = None
    listings: Mapping[str, str] = field(default_factory=dict)

    def listing(self, model: StagedModel) -> str:
        """Return the digest of a model's listing; empty where it is not known."""
        return self.listings.get(str(model), "")

    @property
    def contents(self) -> tuple[StagedFile, ...]:
        """The files of models and code, packed or not."""
        return self.members or self.files


def selection_name(allow: Iterable[str], ignore: Iterable[str]) -> str:
    """Name a selection: equal names select the same files of a commit."""
    return json.dumps([SELECTION_VERSION, sorted(allow), sorted(ignore)])


def to_json(manifest: Manifest) -> bytes:
    """Write a manifest."""
    return json.dumps({"version": VERSION, **asdict(manifest)}, indent=1).encode()


def from_json(text: bytes) -> Manifest | None:
    """Read a manifest; None where the text is none of this version."""
    try:
        data = json.loads(text)
        if data.pop("version") != VERSION:
            return None
        head = data.pop("head")
        return Manifest(
            models=tuple(StagedModel(**model) for model in data.pop("models")),
            files=_files(data.pop("files")),
            members=_files(data.pop("members")),
            head=Head(**head) if head else None,
            **data,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _files(entries: Iterable[Mapping[str, object]]) -> tuple[StagedFile, ...]:
    return tuple(StagedFile(**entry) for entry in entries)  # type: ignore[arg-type]
