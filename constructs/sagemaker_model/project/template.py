"""Texts of files that are the same for most projects."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def template(name: str) -> str:
    """Return the text of a template.

    Args:
        name: Its file, less ``.txt``.
    """
    folder = files("sagemaker_model.project").joinpath("templates")
    return folder.joinpath(f"{name}.txt").read_text(encoding="utf-8")
