"""Check a model in a local folder at synth, by the very rules of the staging program."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from sagemaker_model.staging.bundled import staging_program


def check_local_model(folder: str | Path, *, ignore_rules: Collection[str] = ()) -> tuple[str, ...]:
    """Check that a server can load the files of a folder.

    Args:
        folder: Folder with the model's files at its root.
        ignore_rules: Ids of rules that are passed over, such as ``"A2"``. Default: all hold.

    Returns:
        What is worth knowing but stops nothing, each with its rule and file.

    Raises:
        ValueError: There is no such folder, a file can't be staged, or a rule that stops the
            build does not hold.
    """
    path = Path(folder)
    if not path.is_dir():
        raise ValueError(
            f"{str(folder)!r} is no folder (seen from {str(Path.cwd())!r}); give the one with the "
            "model's config.json and weights"
        )
    with staging_program():
        from model_builder.artefact_rules import Artefacts, broken_rules, read_for_rules
    sizes = _sizes(path)
    texts = {name: (path / name).read_bytes() for name in sizes if read_for_rules(name)}
    broken = [
        each
        for each in broken_rules(Artefacts(sizes, tuple(sizes), texts))
        if each.rule not in ignore_rules
    ]
    stopping = [str(each) for each in broken if each.stops]
    if stopping:
        raise ValueError(
            f"{str(folder)!r} is no model that can be served: {'; '.join(stopping)} "
            "(ignore_rules names rules to pass over)"
        )
    return tuple(str(each) for each in broken)


def _sizes(folder: Path) -> dict[str, int]:
    """Return the bytes of each file that will be staged."""
    with staging_program():
        from model_builder.code_folder import read_code_folder
        from model_builder.errors import StagingError
    try:
        return {file.path: file.size for file in read_code_folder(folder)}
    except StagingError as error:
        raise ValueError(f"{str(folder)!r} can't be staged: {error}") from None
