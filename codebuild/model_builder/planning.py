"""Makes a plan of what the settings ask for, what the Hub has and what lies in the bucket."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Protocol

from model_builder.artefact_rules import Artefacts, broken_rules, read_for_rules
from model_builder.code_folder import read_code_folder
from model_builder.errors import HubUnavailableError, StagingError
from model_builder.manifest import Manifest, StagedFile, selection_name
from model_builder.model import MIB, Model, RemoteFile, Snapshot
from model_builder.plan import (
    ArchiveHead,
    FromHub,
    FromStore,
    InPlace,
    Plan,
    PlannedFile,
    check_keys,
    wanted_files,
)
from model_builder.selection import select
from model_builder.settings import Settings
from model_builder.store import Store
from model_builder.upload import holds

log = logging.getLogger(__name__)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_MAX_READ = 64 * MIB


class ModelSource(Protocol):
    """What planning asks the Hub."""

    def commit(self, model: Model) -> str:
        """Return the commit that a model's revision stands for."""
        ...

    def files(self, model: Model, commit: str) -> list[RemoteFile]:
        """Return all files at a commit."""
        ...

    def content(self, model: Model, commit: str, file: RemoteFile) -> bytes:
        """Return a small file's bytes."""
        ...


def make_plan(settings: Settings, hub: ModelSource, store: Store) -> Plan:
    """Decide what will lie where, and where each file's bytes come from.

    Raises:
        StagingError: the model cannot be staged as it is.
    """
    code = read_code_folder(settings.code_folder) if settings.code_folder else ()
    there = store.sizes(settings.prefix)
    staged = list(store.manifests())
    snapshots = tuple(_snapshot(model, settings, hub, staged) for model in settings.models)
    files = wanted_files(snapshots, code)
    check_keys(settings.prefix, files)
    if settings.archive:
        head = _head(files, staged, store)
        files = files if head else _with_sources(files, {}, settings, store, staged)
    else:
        head = None
        files = _with_sources(files, there, settings, store, staged)
    return Plan(settings.bucket, settings.prefix, settings.archive, snapshots, files, head)


def _snapshot(
    model: Model, settings: Settings, hub: ModelSource, staged: Sequence[Manifest]
) -> Snapshot:
    known = _known_snapshots(model, settings, staged)
    if model.revision in known:
        # A commit never changes: what was staged of it says all.
        return known[model.revision]
    try:
        commit = model.revision if _COMMIT.fullmatch(model.revision) else hub.commit(model)
        return known.get(commit) or _ask(model, commit, settings, hub)
    except HubUnavailableError as error:
        if not known:
            raise
        snapshot = next(iter(known.values()))
        log.warning("%s; taking %s as it was staged, %s", error, model, snapshot.commit)
        return snapshot


def _known_snapshots(
    model: Model, settings: Settings, staged: Sequence[Manifest]
) -> dict[str, Snapshot]:
    """Return what the bucket knows of a model, by commit, the newest first."""
    selection = selection_name(settings.allow, settings.ignore)
    newest_first = sorted(staged, key=lambda manifest: -manifest.created)
    return {
        entry.commit: Snapshot(model, entry.commit, _files_of(manifest, model))
        for manifest in reversed(newest_first)
        for entry in manifest.models
        if manifest.selection == selection
        and entry.model_id == model.model_id
        and model.revision in {entry.revision, entry.commit}
    }


def _files_of(manifest: Manifest, model: Model) -> tuple[RemoteFile, ...]:
    folder = f"{model.name}/" if len(manifest.models) > 1 else ""
    return tuple(
        RemoteFile(
            file.path.removeprefix(folder),
            file.size,
            None if file.blob_id else file.sha256,
            file.blob_id or "",
        )
        for file in manifest.contents
        if file.model_id == model.model_id
    )


def _ask(model: Model, commit: str, settings: Settings, hub: ModelSource) -> Snapshot:
    offered = hub.files(model, commit)
    files = select(offered, settings.allow, settings.ignore)
    texts = {
        file.path: hub.content(model, commit, file)
        for file in files
        if read_for_rules(file.path) and file.size <= _MAX_READ
    }
    artefacts = Artefacts(
        {file.path: file.size for file in files}, tuple(file.path for file in offered), texts
    )
    _obey_rules(model, artefacts, settings.ignored_rules)
    return Snapshot(model, commit, tuple(files))


def _obey_rules(model: Model, artefacts: Artefacts, ignored: frozenset[str]) -> None:
    broken = [rule for rule in broken_rules(artefacts) if rule.rule not in ignored]
    for rule in broken:
        log.warning("%s: %s", model, rule)
    stopping = [str(rule) for rule in broken if rule.stops]
    if stopping:
        raise StagingError(
            f"{model} cannot be served: {'; '.join(stopping[:5])} "
            "(IGNORE_RULES names rules to pass over)"
        )


def _with_sources(
    files: Sequence[PlannedFile],
    there: Mapping[str, int],
    settings: Settings,
    store: Store,
    staged: Iterable[Manifest],
) -> tuple[PlannedFile, ...]:
    elsewhere = _by_identity(staged)
    with ThreadPoolExecutor(settings.connections) as pool:
        return tuple(
            pool.map(
                lambda file: _nearest(
                    file, f"{settings.prefix}{file.path}", there, elsewhere, store
                ),
                files,
            )
        )


def _nearest(
    file: PlannedFile,
    key: str,
    there: Mapping[str, int],
    elsewhere: Mapping[str, Sequence[StagedFile]],
    store: Store,
) -> PlannedFile:
    if there.get(key) == file.size:
        found = store.find(key)
        sha256 = holds(found, file) if found else None
        if sha256:
            return replace(file, sha256=sha256, source=InPlace())
    for staged in elsewhere.get(file.identity, ()) if isinstance(file.source, FromHub) else ():
        found = store.find(staged.key) if staged.key != key else None
        sha256 = holds(found, file) if found else None
        if found and sha256:
            return replace(file, sha256=sha256, source=FromStore(staged.key, found.etag))
    return file


def _by_identity(staged: Iterable[Manifest]) -> dict[str, list[StagedFile]]:
    found: dict[str, list[StagedFile]] = {}
    for manifest in staged:
        for file in () if manifest.members else manifest.files:
            found.setdefault(f"sha256:{file.sha256}", []).append(file)
            if file.blob_id:
                found.setdefault(f"blob:{file.blob_id}", []).append(file)
    return found


def _head(
    files: Sequence[PlannedFile], staged: Iterable[Manifest], store: Store
) -> ArchiveHead | None:
    """Find an archive that begins with exactly these models' files."""
    wanted = [(f.path, f.size, f.identity) for f in files if f.model_id is not None]
    for manifest in staged:
        if manifest.head and wanted == _head_contents(manifest):
            archive = manifest.files[0]
            found = store.find(archive.key)
            if (
                found
                and found.size == archive.size
                and found.notes.get("plan") == manifest.fingerprint
            ):
                head = manifest.head
                return ArchiveHead(archive.key, found.etag, head.end, head.length, head.crc32)
    return None


def _head_contents(manifest: Manifest) -> list[tuple[str, int, str]]:
    return [
        (m.path, m.size, f"blob:{m.blob_id}" if m.blob_id else f"sha256:{m.sha256}")
        for m in manifest.members
        if m.model_id is not None
    ]
