"""What a bucket holds that was staged before, under any prefix."""

from __future__ import annotations

from collections.abc import Iterator

from model_builder.manifest import SUFFIX, Manifest, from_json
from model_builder.s3_errors import DeniedError
from model_builder.store import Store

_MAX_DEPTH = 6


def manifests(store: Store, prefix: str) -> list[Manifest]:
    """Read all manifests of a bucket, without listing what lies in the staged prefixes.

    Args:
        store: The bucket.
        prefix: Where this run stages. A role that may not list the bucket may list a part of it:
            the outermost folder around the prefix that may be listed is looked through.

    Raises:
        StagingError: no folder around the prefix may be listed.
    """
    keys = _listable(store, prefix)
    return [found for key in keys if (found := manifest(store, key))]


def manifest(store: Store, key: str) -> Manifest | None:
    """Return the manifest at *key*; None where there is none, or only a tombstone."""
    text = store.get(key)
    return from_json(text) if text is not None else None


def _listable(store: Store, prefix: str) -> list[str]:
    folders = [prefix[:end] for end in range(len(prefix)) if not end or prefix[end - 1] == "/"]
    for folder in folders[:-1]:
        try:
            return list(_manifest_keys(store, folder, _MAX_DEPTH))
        except DeniedError:
            continue
    return list(_manifest_keys(store, folders[-1], _MAX_DEPTH))


def _manifest_keys(store: Store, folder: str, depth: int) -> Iterator[str]:
    found, folders = store.level(folder)
    keys = [key for key in found if key.endswith(SUFFIX)]
    yield from keys
    staged = {f"{key.removesuffix(SUFFIX)}/" for key in keys}
    for deeper in folders:
        if deeper not in staged and depth > 1:
            yield from _manifest_keys(store, deeper, depth - 1)
