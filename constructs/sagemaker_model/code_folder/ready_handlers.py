"""Inference code that is ready to be deployed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sagemaker_model.staging.bundled import bundled

_FOLDER = bundled("custom_inference")


class ReadyHandlers:
    """Code folders for ``CustomInference`` that come with the library.

    Copy one (``shutil.copytree``) to change it.
    """

    EMBEDDINGS: Final = str(_FOLDER / "embeddings" / "code")
    """Sentence embeddings, as the model's own sentence-transformers configuration says."""
    CROSS_ENCODER: Final = str(_FOLDER / "cross_encoder" / "code")
    """Scores of passages for a query, to rank them by."""
    EMBEDDINGS_AND_CROSS_ENCODER: Final = str(_FOLDER / "embeddings_and_cross_encoder" / "code")
    """Both on one endpoint, each request saying which."""
    PIPELINE: Final = str(_FOLDER / "pipeline" / "code")
    """Any task of a transformers pipeline."""


def ready_handler(folder: str | Path) -> str | None:
    """Return the name of the ready handler in a folder; None where it is none, or a copy of one.

    Args:
        folder: A code folder.
    """
    path = Path(folder).resolve()
    is_one = path.name == "code" and path.parent.parent == _FOLDER.resolve()
    return path.parent.name if is_one else None
