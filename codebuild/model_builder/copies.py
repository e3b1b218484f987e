"""Copies inside S3, of objects of any size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from model_builder.plan import FromStore
from model_builder.s3_errors import ChangedError
from model_builder.store import Store
from model_builder.upload import Upload

GIB = 1024**3
WHOLE = 5 * GIB
"""S3 copies no more in one request (API reference, CopyObject)."""
_AT_ONCE = 8


def copy(
    store: Store,
    source: FromStore,
    size: int,
    key: str,
    notes: Mapping[str, str],
    *,
    whole: int = WHOLE,
    part: int = GIB,
) -> str | None:
    """Copy an object, and return its SHA-256; None where S3 tells none, as of parts.

    Args:
        store: The bucket to copy to.
        source: What to copy.
        size: Bytes of it.
        key: Where to.
        notes: Metadata to give with the copy.
        whole: Most bytes that one request copies. Default: as many as S3 lets it.
        part: Bytes of each part of larger objects. Default: 1 GiB.

    Raises:
        StagingError: the source is not as it was, or something else lies at *key*.
    """
    if size > whole:
        # An object that is copied onto itself is there.
        new = bool(source.bucket) or source.key != key
        with Upload(store, key, notes, new=new) as upload:
            copy_parts(upload, source, size, first=1, part=part)
            upload.complete()
        return None
    try:
        return store.copy(source, key, notes)
    except ChangedError:
        found = store.find(key)
        if found is None or dict(found.notes) != dict(notes):
            raise
        # Another build of the same plan was first.
        return found.sha256


def copy_parts(
    upload: Upload, source: FromStore, size: int, *, first: int, part: int = GIB
) -> None:
    """Make the last parts of an upload of another object's bytes.

    Args:
        upload: What the parts belong to.
        source: The other object.
        size: Bytes of it.
        first: Number of the first of these parts.
        part: Bytes of each. Default: 1 GiB, of which 10,000 are more than an object may have.
    """
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        done = [
            pool.submit(upload.copy, number, source, span)
            for number, span in enumerate(ranges(size, part), first)
        ]
    for copied in done:
        copied.result()


def ranges(size: int, part: int) -> Iterator[tuple[int, int]]:
    """Cut *size* bytes into parts; give the start of each, and its end.

    >>> list(ranges(10, 4))
    [(0, 4), (4, 8), (8, 10)]
    """
    for start in range(0, size, part):
        yield start, min(start + part, size)
