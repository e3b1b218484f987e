"""Find what the library brings along beside its own modules, and read the staging program."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

_LIBRARY = Path(__file__).resolve().parents[1]
_PROGRAM = "model_builder"
_program_modules: dict[str, ModuleType] = {}


def bundled(name: str) -> Path:
    """Return a folder that ships with the library.

    Args:
        name: ``"codebuild"``, the staging program, or ``"custom_inference"``, the ready handlers.

    Raises:
        ValueError: The folder is neither in the installed package nor beside the sources.
    """
    installed, checkout = _LIBRARY / "_bundled" / name, _LIBRARY.parents[1] / name
    for folder in (installed, checkout):
        if folder.is_dir():
            return folder
    raise ValueError(
        f"there is no folder {name!r} in cdk-sagemaker-model: neither {installed} nor {checkout}; "
        "name 'codebuild' or 'custom_inference', or install the package again"
    )


@contextmanager
def staging_program() -> Iterator[None]:
    """Let the staging program's modules be imported inside the block, and nowhere else.

    What the program will do with files is asked of its own modules. They are called
    ``model_builder``, and so may be a module of the app that uses the library: outside of the
    block that name is the app's.
    """
    theirs = _take_modules()
    sys.modules.update(_program_modules)
    folder = str(bundled("codebuild"))
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.path.remove(folder)
        _program_modules.update(_take_modules())
        sys.modules.update(theirs)


def _take_modules() -> dict[str, ModuleType]:
    """Take the modules of that name out of what is imported."""
    names = [name for name in sys.modules if name.partition(".")[0] == _PROGRAM]
    return {name: sys.modules.pop(name) for name in names}
