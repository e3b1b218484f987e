"""The files of the Hub's models at their commits, each downloaded once."""

from __future__ import annotations

from collections.abc import Mapping
from glob import escape
from pathlib import Path
from urllib.parse import urlsplit

from sagemaker_model.serve.selection import Selected, select
from sagemaker_model.serve.weights import Files


def of_hub(told: Mapping[str, str], *, cache: Path, hub: str | None = None) -> Files:
    """Return the files of models that a staging build would take.

    Args:
        told: What such a build is told: ``MODEL_ID`` with revisions, ``ALLOW_PATTERNS`` and so on.
        cache: Folder of what was downloaded before, from each Hub apart.
        hub: URL of the Hub. Default: as *told* or ``HF_ENDPOINT`` say, or the real one.

    Raises:
        ValueError: There is no such model, or a staging build would refuse it.
    """
    from huggingface_hub import constants, get_token

    endpoint = hub or told.get("HF_ENDPOINT") or constants.ENDPOINT
    # A mirror may have other files at the same commit.
    place = cache / urlsplit(endpoint).netloc.replace(":", "-")
    found = select(told, endpoint=endpoint, token=get_token(), cache=place / "selected")
    several = len(found) > 1
    return {
        f"{each.name}/{path}" if several else path: file
        for each in found
        for path, file in _downloaded(each, place, endpoint).items()
    }


def _downloaded(model: Selected, cache: Path, endpoint: str) -> Files:
    from huggingface_hub import snapshot_download, try_to_load_from_cache

    here = {
        path: try_to_load_from_cache(model.model_id, path, cache, model.commit)
        for path in model.paths
    }
    found = {path: Path(file) for path, file in here.items() if isinstance(file, str)}
    if len(found) == len(model.paths):
        return found
    folder = snapshot_download(
        model.model_id,
        revision=model.commit,
        allow_patterns=[escape(path) for path in model.paths],
        cache_dir=cache,
        endpoint=endpoint,
    )
    return {path: Path(folder, path) for path in model.paths}
