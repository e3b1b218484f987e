"""Reads what lies in S3 already, perhaps in another account's bucket, as files to stage."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from model_builder.check_artefacts import check_artefacts
from model_builder.errors import StagingError
from model_builder.manifest import Manifest, StagedFile, from_json
from model_builder.model import Model, Snapshot
from model_builder.paths import fault_in_path
from model_builder.plan import ARCHIVE, CODE, ArchiveHead, FromStore, GivenArchive, PlannedFile
from model_builder.reuse import head_of
from model_builder.selection import select
from model_builder.settings import Settings
from model_builder.store import Listed, Store
from model_builder.stored_source import Kind, StoredSource


@dataclass(frozen=True, slots=True)
class Weights:
    """What is staged beside the code.

    Args:
        files: Its files.
        snapshots: The models, where they are the Hub's.
        given: Archive that is staged as it is, instead of *files*.
        head: Archive that begins with exactly *files*.
    """

    files: tuple[PlannedFile, ...]
    snapshots: tuple[Snapshot, ...] = ()
    given: GivenArchive | None = None
    head: ArchiveHead | None = None


def stored_weights(source: StoredSource, settings: Settings, store: Store) -> Weights:
    """Find what *source* names.

    Args:
        source: Prefix, archive or manifest.
        settings: How it is staged.
        store: The bucket that it lies in.

    Raises:
        StagingError: there is no such thing, or it cannot be staged so.
    """
    match source.kind:
        case Kind.PREFIX:
            return Weights(_below_prefix(source, settings, store))
        case Kind.ARCHIVE:
            return Weights((), given=_archive(source, source.key, store))
        case Kind.MANIFEST:
            return _of_manifest(source, settings, store)


def _below_prefix(
    source: StoredSource, settings: Settings, store: Store
) -> tuple[PlannedFile, ...]:
    # S3's console makes empty objects that end with a slash, and calls them folders.
    listed = [item for item in store.listed(source.key) if not item.key.endswith("/")]
    if not listed:
        raise StagingError(f"nothing lies below {source.uri}; check SOURCE, and the role's rights")
    offered = [_planned(item, source) for item in listed]
    files = select(offered, settings.allow or ("*",), settings.ignore)
    check_artefacts(
        source.uri,
        files,
        offered,
        lambda path: store.get(f"{source.key}{path}") or b"",
        ignored=settings.ignored_rules,
    )
    return tuple(files)


def _planned(item: Listed, source: StoredSource) -> PlannedFile:
    path = item.key.removeprefix(source.key)
    found = FromStore(item.key, item.etag, source.bucket)
    return PlannedFile(path, item.size, None, None, "", found, etag=item.etag)


def _archive(
    source: StoredSource, key: str, store: Store, told: StagedFile | None = None
) -> GivenArchive:
    found = store.find(key)
    if found is None:
        raise StagingError(f"there is no s3://{source.bucket}/{key}; check SOURCE")
    if told and told.size != found.size:
        raise _differs(key, found.size, told)
    sha256 = (told.sha256 if told else found.sha256) or None
    return GivenArchive(FromStore(key, found.etag, source.bucket), found.size, sha256)


def _of_manifest(source: StoredSource, settings: Settings, store: Store) -> Weights:
    manifest = _manifest(source, store)
    for file in manifest.contents:
        fault = fault_in_path(file.path)
        if fault:
            raise StagingError(f"{source.uri} tells of {file.path!r}, which {fault}")
    if any(file.key != f"{source.prefix}{file.path}" for file in manifest.files):
        raise StagingError(f"{source.uri} tells of files that do not lie below {source.prefix}")
    snapshots = tuple(
        Snapshot(Model(model.model_id, model.revision), model.commit, (), manifest.listing(model))
        for model in manifest.models
    )
    if [file.path for file in manifest.files] == [ARCHIVE]:
        return _of_packed(source, manifest, snapshots, settings, store)
    with ThreadPoolExecutor(settings.connections) as pool:
        files = pool.map(lambda file: _staged(source, file, store), manifest.files)
    return Weights(tuple(files), snapshots)


def _manifest(source: StoredSource, store: Store) -> Manifest:
    text = store.get(source.key)
    if text is None:
        raise StagingError(f"there is no {source.uri}; stage it first, or check SOURCE")
    got = hashlib.sha256(text).hexdigest()
    if source.sha256 not in {None, got}:
        raise StagingError(
            f"{source.uri} has the digest {got}, not {source.sha256}: it was staged anew; "
            "check what it holds now, and give its digest as SOURCE_SHA256"
        )
    manifest = from_json(text)
    if manifest is None:
        raise StagingError(f"{source.uri} is no manifest of files that are there; stage them anew")
    return manifest


def _staged(source: StoredSource, told: StagedFile, store: Store) -> PlannedFile:
    found = store.find(told.key)
    if found is None:
        raise StagingError(f"s3://{source.bucket}/{told.key} is gone; stage it anew")
    noted = found.sha256 or found.notes.get("sha256") or told.sha256
    if found.size != told.size or (told.sha256 and noted != told.sha256):
        raise _differs(told.key, found.size, told)
    etag = None if told.sha256 else found.etag
    where = FromStore(told.key, found.etag, source.bucket)
    return PlannedFile(
        told.path, told.size, told.sha256 or None, told.blob_id, told.model_id, where, etag=etag
    )


def _differs(key: str, size: int, told: StagedFile) -> StagingError:
    return StagingError(
        f"{key} is not what its manifest tells of ({size} bytes, not {told.size}, or another "
        "digest): something else wrote there; stage it anew"
    )


def _of_packed(
    source: StoredSource,
    manifest: Manifest,
    snapshots: Sequence[Snapshot],
    settings: Settings,
    store: Store,
) -> Weights:
    if not settings.archive:
        raise StagingError(f"{source.uri} tells of an archive: set ARCHIVE=1")
    given = _archive(source, manifest.files[0].key, store, manifest.files[0])
    head = head_of(manifest, given.source)
    if settings.code_folder is None:
        return Weights((), tuple(snapshots), given=given)
    if head is not None:
        models = (member for member in manifest.members if member.model_id is not None)
        return Weights(
            tuple(_member(member, given) for member in models), tuple(snapshots), head=head
        )
    if any(member.path.startswith(CODE) for member in manifest.members):
        raise StagingError(
            f"{source.uri} tells of an archive with code in it, which would take the place of "
            "CODE_FOLDER: stage the archive that this one was made of"
        )
    return Weights((), tuple(snapshots), given=given)


def _member(told: StagedFile, given: GivenArchive) -> PlannedFile:
    return PlannedFile(told.path, told.size, told.sha256, told.blob_id, told.model_id, given.source)
