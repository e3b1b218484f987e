"""The user's inference code, as it is to be staged."""

from __future__ import annotations

from pathlib import Path

from model_builder.errors import StagingError
from model_builder.local_folder import read_folder
from model_builder.model import LocalFile


def read_code_folder(folder: Path) -> tuple[LocalFile, ...]:
    """Return the files of the code folder, sorted by path.

    Raises:
        StagingError: there is none, or one cannot be staged.
    """
    files = read_folder(folder)
    if not files:
        raise StagingError(f"CODE_FOLDER {str(folder)!r} holds no file; put inference.py there")
    return files
