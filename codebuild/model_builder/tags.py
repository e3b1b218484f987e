"""Takes the tag off that lets S3 expire what no manifest vouches for."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from model_builder.errors import StagingError
from model_builder.store import Store
from model_builder.uploads import UNFINISHED


def finish(store: Store, keys: Iterable[str], *, connections: int) -> None:
    """Take the tag off all objects, and see that it is gone.

    Args:
        store: The bucket.
        keys: The objects.
        connections: Requests at a time.

    Raises:
        StagingError: an object is gone, or keeps the tag.
    """
    with ThreadPoolExecutor(connections) as pool:
        for _ in pool.map(lambda key: _finish(store, key), keys):
            pass


def _finish(store: Store, key: str) -> None:
    before = store.tags(key)
    if not _is_unfinished(before):
        return
    # Tags of others, such as for billing, stay.
    store.set_tags(key, {name: before[name] for name in before.keys() - UNFINISHED.keys()})
    if _is_unfinished(store.tags(key)):
        raise StagingError(
            f"{key} keeps the tag that lets it expire: something else writes tags; run again"
        )


def _is_unfinished(tags: dict[str, str]) -> bool:
    return bool(tags.keys() & UNFINISHED.keys())
