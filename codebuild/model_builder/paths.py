"""Names that may become S3 keys, members of an archive and files on an instance."""

from __future__ import annotations

import re
from collections.abc import Iterable

MAX_SEGMENT = 255
"""Bytes; SageMaker writes each part of a key as a file name (API reference, S3ModelDataSource)."""
MAX_KEY = 1024
"""Bytes (S3 user guide, "Naming Amazon S3 objects")."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")


def fault_in_path(path: str) -> str | None:
    r"""Say what keeps *path* from lying safely below a prefix; None where nothing does.

    >>> fault_in_path("model.safetensors")
    >>> fault_in_path("../secret")
    "has the segment '..'"
    """
    if _CONTROL.search(path):
        return "holds a backslash or a control character"
    for segment in path.split("/"):
        if segment in {"", ".", ".."}:
            return f"has the segment {segment!r}"
        if len(segment.encode()) > MAX_SEGMENT:
            return f"has a segment longer than {MAX_SEGMENT} bytes"
    return None


def collision(paths: Iterable[str]) -> str | None:
    """Name a path that appears twice, or that is both a file and a folder; None without one."""
    files: set[str] = set()
    folders: set[str] = set()
    for path in paths:
        if path in files:
            return path
        files.add(path)
        folders.update(_parents(path))
    return min(files & folders, default=None)


def _parents(path: str) -> Iterable[str]:
    parts = path.split("/")
    return ("/".join(parts[:end]) for end in range(1, len(parts)))
