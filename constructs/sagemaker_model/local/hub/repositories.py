"""Models below a folder, as the Hub tells of them: files, digests, commits."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .card import Card, read_card

_LFS = (".safetensors", ".bin", ".gguf", ".pt", ".onnx", ".h5")
_LARGE = 10_000_000
_KEPT = ".kept"
_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class Content:
    """A file's digests and size.

    Args:
        sha1: What git knows it by: the digest of its header and its bytes.
        sha256: What large file storage knows it by.
        size: Its size in bytes.
    """

    sha1: str
    sha256: str
    size: int


class Repositories:
    """The models below a folder.

    A model's commit is a digest of all its files, unless ``ROOT/org/name.commit`` names one: its
    files then count as that commit, so that an app that pins the commit of the real Hub deploys
    unchanged.

    Args:
        root: The folder; ``ROOT/org/name/`` holds a model's files.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._known: dict[tuple[Path, int, int], Content] = {}

    def files(self, repo: str) -> list[str]:
        """Return the paths of a model's files, sorted.

        Args:
            repo: The model, ``org/name``.
        """
        base = self.root / repo
        return sorted(p.relative_to(base).as_posix() for p in base.rglob("*") if p.is_file())

    def content(self, path: Path) -> Content:
        """Return the digests of a file, which is read once as long as it doesn't change.

        Args:
            path: The file.
        """
        stat = path.stat()
        key = (path, stat.st_mtime_ns, stat.st_size)
        if key not in self._known:
            sha1, sha256 = hashlib.sha1(b"blob %d\0" % stat.st_size), hashlib.sha256()  # noqa: S324
            with path.open("rb") as file:
                while data := file.read(1 << 20):
                    sha1.update(data)
                    sha256.update(data)
            self._known[key] = Content(sha1.hexdigest(), sha256.hexdigest(), stat.st_size)
        return self._known[key]

    def commit(self, repo: str) -> str:
        """Return a model's newest commit.

        Args:
            repo: The model, ``org/name``.

        Raises:
            ValueError: A file names the commit, but not by 40 hexadecimal digits.
        """
        named = self.root / f"{repo}.commit"
        if named.is_file():
            return _read_commit(named)
        facts = [(f, self.content(self.root / repo / f).sha1) for f in self.files(repo)]
        return hashlib.sha1(json.dumps([repo, facts]).encode()).hexdigest()  # noqa: S324

    def keep(self, repo: str) -> str:
        """Keep a model's commit, as the Hub does when its branch moves on; return it.

        Args:
            repo: The model, ``org/name``.
        """
        commit = self.commit(repo)
        shutil.copytree(self.root / repo, self.root / _KEPT / commit, dirs_exist_ok=True)
        return commit

    def at(self, repo: str, revision: str) -> tuple[str, str]:
        """Return where a revision's files lie, and its commit; both empty where it is unknown.

        Args:
            repo: The model, ``org/name``.
            revision: ``main`` or a commit.
        """
        now = self.commit(repo)
        if revision in {"main", now}:
            return repo, now
        kept = f"{_KEPT}/{revision}"
        return (kept, revision) if (self.root / kept).is_dir() else ("", "")

    def card(self, repo: str) -> Card:
        """Return what stands at the head of a model's README.

        Args:
            repo: The model, ``org/name``.
        """
        readme = self.root / repo / "README.md"
        return read_card(readme.read_text(encoding="utf-8")) if readme.is_file() else {}

    def entry(self, repo: str, path: str) -> dict[str, Any]:
        """Return what a listing tells of a file.

        Args:
            repo: The model, ``org/name``.
            path: The file's path in it.
        """
        content = self.content(self.root / repo / path)
        entry = {"type": "file", "oid": content.sha1, "size": content.size, "path": path}
        if is_lfs(path, content.size):
            lfs = {"oid": content.sha256, "size": content.size, "pointerSize": 134}
            return {**entry, "lfs": lfs}
        return entry


def is_lfs(path: str, size: int) -> bool:
    """Tell whether the Hub keeps a file outside git.

    Args:
        path: Its path.
        size: Its size in bytes.
    """
    return path.endswith(_LFS) or size > _LARGE


def _read_commit(named: Path) -> str:
    commit = named.read_text(encoding="utf-8").strip()
    if not _COMMIT.fullmatch(commit):
        raise ValueError(f"{named} holds {commit!r}; write one line of 40 hexadecimal digits")
    return commit
