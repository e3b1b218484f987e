"""Write files together, or none of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sagemaker_model.project.starter import Files

_NAMED = 5


def must_be_free(folder: Path, files: Files) -> None:
    """Refuse a folder in which files are in the way.

    Args:
        folder: The folder; it need not be there.
        files: What is to be written: their folders must be new, as what lies in one counts.

    Raises:
        ValueError: Something is in the way; the message names it.
    """
    found = sorted(set(_in_the_way(folder, files)))
    if found:
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        raise ValueError(
            f"{', '.join(found[:_NAMED])}{more} of {folder.absolute()} would be in the way, and "
            "nothing is overwritten; name an empty folder with --folder"
        )


def write_files(folder: Path, files: Files) -> None:
    """Write files into a folder; where one can't be written, none stays.

    Args:
        folder: The folder; made where it is missing.
        files: The files.

    Raises:
        OSError: One can't be written, or is there already.
    """
    made: list[Path] = []
    try:
        for name, text in files.items():
            path = folder / name
            made += _make_folders(path.parent)
            with path.open("x", encoding="utf-8", newline="\n") as file:
                made.append(path)
                file.write(text)
    except BaseException:
        for path in reversed(made):
            path.rmdir() if path.is_dir() else path.unlink()
        raise


def _in_the_way(folder: Path, files: Files) -> Iterator[str]:
    if folder.exists() and not folder.is_dir():
        yield folder.name
        return
    for name in files:
        first, _, inner = name.partition("/")
        there = folder / first
        if inner and there.is_dir():
            yield from (path.relative_to(folder).as_posix() for path in there.iterdir())
        elif there.exists() or there.is_symlink():
            yield first


def _make_folders(folder: Path) -> list[Path]:
    """Make a folder and those above it that are missing, and return them, the outer first."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir()
    return missing[::-1]
