"""Tell one state of a code folder from another, the same on every machine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from sagemaker_model.staging.bundled import staging_program


def folder_digest(folder: str | Path) -> str:
    """Return a digest of what will be staged of a code folder.

    It covers relative paths and contents. Times, modes, and files that are no code (such as
    ``__pycache__``) change nothing.

    Args:
        folder: The code folder.

    Returns:
        64 hexadecimal digits.

    Raises:
        ValueError: A file can't be staged: its name, a broken link, or a git-LFS pointer.
    """
    return digest_of_files(file_digests(folder))


def file_digests(folder: str | Path) -> dict[str, str]:
    """Return the sha256 of each file that will be staged, by its path with slashes.

    Args:
        folder: The code folder.

    Raises:
        ValueError: A file can't be staged, or there is none.
    """
    with staging_program():
        from model_builder.code_folder import read_code_folder
        from model_builder.errors import StagingError
    try:
        return {file.path: file.sha256 for file in read_code_folder(Path(folder))}
    except StagingError as error:
        raise ValueError(f"{str(folder)!r} can't be staged: {error}") from None


def digest_of_files(files: Mapping[str, str]) -> str:
    """Return one digest of the files' digests.

    Args:
        files: The sha256 of each file, by its path.
    """
    return hashlib.sha256(json.dumps(sorted(files.items())).encode()).hexdigest()
