"""The folder that a container finds at ``/opt/ml/model``, made of files that lie elsewhere."""

from __future__ import annotations

import shutil
from pathlib import Path

from sagemaker_model.code_folder.digest import file_digests
from sagemaker_model.serve.weights import Files, without_code


def lay_out(files: Files, code: Path | None, folder: Path) -> None:
    """Link a model's files into a folder, and copy code beside them.

    The code is copied, so that it stays what it was while it is changed.

    Args:
        files: The model's files.
        code: Folder with the code that goes to ``code/``, in place of what the model brings as
            such. None leaves that.
        folder: The folder; it is made.

    Raises:
        ValueError: A file of the code could not be staged.
    """
    folder.mkdir(parents=True)
    for path, file in (files if code is None else without_code(files)).items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(file)
    if code is not None:
        _copy(code, folder / "code")


def _copy(code: Path, folder: Path) -> None:
    for path in file_digests(code):
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(code / path, place)
