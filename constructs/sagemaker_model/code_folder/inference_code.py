"""A code folder as plain data: its files, functions and requirements."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sagemaker_model.code_folder.digest import digest_of_files, file_digests
from sagemaker_model.code_folder.handler_functions import (
    HandlerFunction,
    imports_everything,
    read_functions,
)
from sagemaker_model.code_folder.requirements import Requirements, read_requirements

PROGRAM = "inference.py"
"""Module that the toolkits import, unless ``SAGEMAKER_PROGRAM`` names another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceCode:
    """What is known of the user's inference code without running it.

    Args:
        folder: The code folder.
        program: The module with the functions, relative to it.
        files: The sha256 of each file that will be staged, by its path with slashes.
        functions: The functions of the toolkits' contract that the module binds, by name.
        requirements: What requirements.txt asks for. Default: nothing.
        complete: Whether *functions* are all there are; not so after an ``import *``.
            Default: True.
    """

    folder: str
    program: str = PROGRAM
    files: Mapping[str, str] = field(default_factory=dict)
    functions: Mapping[str, HandlerFunction] = field(default_factory=dict)
    requirements: Requirements = field(default_factory=Requirements)
    complete: bool = True

    @property
    def digest(self) -> str:
        """Digest of paths and contents, as :func:`folder_digest` gives it."""
        return digest_of_files(self.files)


def read_inference_code(folder: str | Path, *, program: str = PROGRAM) -> InferenceCode:
    """Read a code folder from its syntax; nothing of it is imported or run.

    Args:
        folder: Folder with the program, and with requirements.txt where packages are needed.
        program: File with the functions, at the folder's root; its ``.py`` may be left out, as
            in ``SAGEMAKER_PROGRAM``. Default: ``inference.py``, as the toolkits have it.

    Raises:
        ValueError: There is no such folder or program, a Python file at the root has a syntax
            error, pip could not read a requirement, or a file can't be staged.
    """
    path, program = Path(folder), f"{program.removesuffix('.py')}.py"
    _check_layout(path, program)
    files = file_digests(path)
    modules = {name: _parse(path / name) for name in files if _is_module(name)}
    return InferenceCode(
        folder=str(folder),
        program=program,
        files=files,
        functions=read_functions(modules[program]),
        requirements=read_requirements(path),
        complete=not imports_everything(modules[program]),
    )


def _check_layout(folder: Path, program: str) -> None:
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise ValueError(
            f"code_folder {str(folder)!r} {what} (seen from {str(Path.cwd())!r}); give the folder "
            f"that holds {program}"
        )
    if (folder / program).is_file() and _is_module(program):
        return
    if (folder / "code" / program).is_file():
        fix = f"give {str(folder / 'code')!r}, which has one"
    else:
        have = ", ".join(sorted(file.name for file in folder.glob("*.py"))) or "none"
        fix = f"add it, or name another with program=; Python files there: {have}"
    raise ValueError(f"code_folder {str(folder)!r} has no {program} at its root; {fix}")


def _is_module(name: str) -> bool:
    return "/" not in name and name.endswith(".py")


def _parse(path: Path) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(path.read_bytes(), filename=str(path))
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise ValueError(
            f"{path}:{line} is not Python {version}: {getattr(error, 'msg', error)}; mend it, or "
            "synthesize with the image's Python where that is newer"
        ) from None
