"""The table that ends a run's log."""

from __future__ import annotations

from collections.abc import Iterator

from model_builder.manifest import Manifest
from model_builder.progress import readable

_MOST_LINES = 40


def table(manifest: Manifest) -> Iterator[str]:
    """Give the lines that say what was staged; a long list is cut to its largest files."""
    for model in manifest.models:
        yield f"{model.model_id}@{model.revision} is commit {model.commit}"
    files = sorted(manifest.files, key=lambda file: -file.size)
    for file in files[:_MOST_LINES]:
        yield f"{readable(file.size):>10}  {file.sha256[:12]}  {file.key}"
    if len(files) > _MOST_LINES:
        yield f"{'':>10}  and {len(files) - _MOST_LINES} smaller files"
    total = sum(file.size for file in manifest.files)
    yield f"{readable(total):>10}  in {len(files)} files, all verified"
