"""The user's inference code, as it is to be staged."""

from __future__ import annotations

import hashlib
from pathlib import Path

from model_builder.artefact_rules import POINTER
from model_builder.errors import StagingError
from model_builder.model import LocalFile
from model_builder.paths import fault_in_path

_SKIPPED = frozenset({".git", "__pycache__", ".ipynb_checkpoints", ".mypy_cache", ".venv"})


def read_code_folder(folder: Path) -> tuple[LocalFile, ...]:
    """Return the files below *folder*, sorted by path; links are followed to their contents.

    Raises:
        StagingError: a file cannot be staged: its name, a broken link, or a git-LFS pointer.
    """
    files = [
        _local_file(folder, path) for path in sorted(folder.rglob("*")) if _is_code(path, folder)
    ]
    if not files:
        raise StagingError(f"CODE_FOLDER {str(folder)!r} holds no file; put inference.py there")
    return tuple(files)


def _is_code(path: Path, folder: Path) -> bool:
    if _SKIPPED & set(path.relative_to(folder).parts) or path.suffix == ".pyc":
        return False
    if path.is_symlink() and not path.exists():
        raise StagingError(f"A11 {path}: the link leads nowhere; replace it by the file")
    if path.is_symlink() and path.is_dir():
        raise StagingError(f"A11 {path}: links to a folder; replace it by the folder")
    return path.is_file()


def _local_file(folder: Path, path: Path) -> LocalFile:
    name = path.relative_to(folder).as_posix()
    fault = fault_in_path(name)
    if fault:
        raise StagingError(f"A9 {name!r}: {fault}; rename the file")
    with path.open("rb") as file:
        if file.read(len(POINTER)) == POINTER:
            raise StagingError(
                f"A10 {path}: is a git-LFS pointer; fetch the file with git lfs pull"
            )
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return LocalFile(name, str(path), path.stat().st_size, digest)
