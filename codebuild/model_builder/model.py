"""The words of the program, as plain data."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Model:
    """A model as it was asked for.

    Args:
        model_id: Name on the Hub, for example ``org/name``.
        revision: Branch, tag or commit.
    """

    model_id: str
    revision: str = "main"

    @property
    def name(self) -> str:
        """The part behind the last slash: the model's folder where several are staged."""
        return self.model_id.rpartition("/")[2]

    def __str__(self) -> str:
        return f"{self.model_id}@{self.revision}"


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file as the Hub lists it.

    Args:
        path: Path inside the repository.
        size: Bytes.
        sha256: Digest of the contents; None where git holds the file itself.
        blob_id: Git's object id; that of the pointer where ``sha256`` is known.
    """

    path: str
    size: int
    sha256: str | None
    blob_id: str


def listing_digest(files: Iterable[RemoteFile]) -> str:
    """Return a digest of all files of a model: it differs where any of them does.

    A lock file's models have the same digest, which the library computes.
    """
    lines = sorted(f"{file.sha256 or file.blob_id} {file.size} {file.path}" for file in files)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The files of one model at one commit.

    Args:
        model: The model.
        commit: The commit.
        files: Those that are staged.
        listing: Digest of all files that the Hub lists at the commit; empty where not known.
    """

    model: Model
    commit: str
    files: tuple[RemoteFile, ...]
    listing: str = ""


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file of the code folder.

    Args:
        path: Path inside the folder, with slashes.
        location: Path on this machine.
        size: Bytes.
        sha256: Digest of the contents.
    """

    path: str
    location: str
    size: int
    sha256: str
