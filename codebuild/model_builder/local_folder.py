"""A folder of this machine, as it is to be staged."""

from __future__ import annotations

import hashlib
from pathlib import Path

from model_builder.artefact_rules import POINTER
from model_builder.errors import StagingError
from model_builder.model import LocalFile
from model_builder.paths import fault_in_path

_SKIPPED = frozenset(
    {".git", ".cache", ".huggingface", ".venv"}
    | {"__pycache__", ".ipynb_checkpoints", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
)


def read_folder(folder: Path) -> tuple[LocalFile, ...]:
    """Return the files below *folder*, sorted by path; links are followed to their contents.

    What git, Python and other programs keep for themselves is left out.

    Raises:
        StagingError: a file cannot be staged: its name, a broken link, or a git-LFS pointer.
    """
    paths = (path for path in sorted(folder.rglob("*")) if _is_wanted(path, folder))
    return tuple(read_file(path, path.relative_to(folder).as_posix()) for path in paths)


def read_file(location: Path, path: str) -> LocalFile:
    """Return one file.

    Args:
        location: Where it lies on this machine.
        path: Path that it will have.

    Raises:
        StagingError: it cannot be staged.
    """
    fault = fault_in_path(path)
    if fault:
        raise StagingError(f"A9 {path!r}: {fault}; rename the file")
    with location.open("rb") as file:
        if file.read(len(POINTER)) == POINTER:
            raise StagingError(
                f"A10 {location}: is a git-LFS pointer; fetch the file with git lfs pull"
            )
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return LocalFile(path, str(location), location.stat().st_size, digest)


def _is_wanted(path: Path, folder: Path) -> bool:
    if _SKIPPED & set(path.relative_to(folder).parts) or path.suffix == ".pyc":
        return False
    if path.is_symlink() and not path.exists():
        raise StagingError(f"A11 {path}: the link leads nowhere; replace it by the file")
    if path.is_symlink() and path.is_dir():
        raise StagingError(f"A11 {path}: links to a folder; replace it by the folder")
    return path.is_file()
