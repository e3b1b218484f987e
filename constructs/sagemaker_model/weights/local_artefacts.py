"""Check a model in a local folder at synth, by the very rules of the staging program."""

from __future__ import annotations

from pathlib import Path

from sagemaker_model.staging.bundled import staging_program


def check_local_model(folder: str | Path) -> tuple[str, ...]:
    """Check that a server can load the files of a folder.

    Args:
        folder: Folder with the model's files at its root.

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
        from model_builder.code_folder import read_code_folder
        from model_builder.errors import StagingError
    try:
        sizes = {file.path: file.size for file in read_code_folder(path)}
    except StagingError as error:
        raise ValueError(f"{str(folder)!r} can't be staged: {error}") from None
    texts = {name: (path / name).read_bytes() for name in sizes if read_for_rules(name)}
    broken = broken_rules(Artefacts(sizes, tuple(sizes), texts))
    stopping = [str(each) for each in broken if each.stops]
    if stopping:
        raise ValueError(f"{str(folder)!r} is no model that can be served: {'; '.join(stopping)}")
    return tuple(str(each) for each in broken)
