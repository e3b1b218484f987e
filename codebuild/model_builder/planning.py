"""Makes a plan of what the settings ask for, what the Hub has and what lies in the bucket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from model_builder import beside
from model_builder.catalogue import manifest, manifests
from model_builder.check_artefacts import check_artefacts
from model_builder.errors import StagingError
from model_builder.local_folder import read_folder
from model_builder.manifest import Manifest
from model_builder.model import LocalFile, Model
from model_builder.plan import (
    ARCHIVE,
    FromStore,
    InPlace,
    Plan,
    PlannedFile,
    check_keys,
    hub_files,
    local_files,
    with_code,
)
from model_builder.reuse import Nearest, find_head
from model_builder.selection import select
from model_builder.settings import Settings
from model_builder.snapshots import ModelSource, Snapshots
from model_builder.store import Store
from model_builder.stored_files import Weights, stored_weights


def make_plan(
    settings: Settings, hub: ModelSource, store: Store, code: Sequence[LocalFile], now: datetime
) -> Plan:
    """Decide what will lie where, and where each file's bytes come from.

    Args:
        settings: What is asked for.
        hub: Where models come from.
        store: The bucket that is staged to.
        code: Files of the inference code.
        now: The time.

    Raises:
        StagingError: the model cannot be staged as it is.
    """
    there = store.sizes(settings.prefix)
    staged = manifests(store, settings.prefix)
    weights = _weights(settings, hub, store, staged)
    files = with_code(weights.files, code)
    check_keys(settings.prefix, files)
    plan = Plan(
        settings.bucket,
        settings.prefix,
        settings.archive,
        weights.snapshots,
        files,
        weights.head,
        weights.given,
    )
    finished = manifest(store, beside.manifest_key(settings.prefix)) is not None
    nearest = Nearest(store, settings.prefix, staged, finished, now)
    if settings.archive:
        return _packed(plan, nearest, set(there), settings.connections)
    files = nearest.to(files, there, connections=settings.connections)
    kept = {f"{plan.prefix}{file.path}" for file in files if _stays(file, plan.prefix)}
    return replace(plan, files=files, replaces=tuple(sorted((plan.keys & set(there)) - kept)))


def _stays(file: PlannedFile, prefix: str) -> bool:
    """Whether a file lies where it belongs, though it may be copied onto itself."""
    match file.source:
        case InPlace():
            return True
        case FromStore(key, _, bucket):
            return not bucket and key == f"{prefix}{file.path}"
        case _:
            return False


def _packed(plan: Plan, nearest: Nearest, there: set[str], connections: int) -> Plan:
    if plan.head is None and plan.given is None:
        head, files = find_head(plan.files, nearest.staged, nearest.store)
        if head is None:
            files = nearest.to(files, {}, connections=connections)
        plan = replace(plan, files=files, head=head)
    key = f"{plan.prefix}{ARCHIVE}"
    found = nearest.store.find(key) if key in there else None
    if found is None or (found.notes.get("plan") == plan.fingerprint and nearest.lasts(found)):
        return plan
    return replace(plan, replaces=(key,))


def _weights(
    settings: Settings, hub: ModelSource, store: Store, staged: Sequence[Manifest]
) -> Weights:
    if settings.source:
        bucket = store.elsewhere(settings.source.bucket)
        return stored_weights(settings.source, settings, bucket)
    if settings.model_folder:
        return Weights(local_files(_local_weights(settings.model_folder, settings)))
    resolved = _resolved(settings.prefix, store)
    snapshots = Snapshots(settings, hub, staged, resolved)
    found = tuple(snapshots.of(model) for model in settings.models)
    return Weights(hub_files(found), found)


def _resolved(prefix: str, store: Store) -> Mapping[Model, str]:
    """Return the commits that a prefix was resolved to by an earlier build."""
    finished = manifest(store, beside.manifest_key(prefix))
    if finished:
        return {Model(model.model_id, model.revision): model.commit for model in finished.models}
    return beside.commits_from_json(store.get(beside.plan_key(prefix)))


def _local_weights(folder: Path, settings: Settings) -> list[LocalFile]:
    offered = read_folder(folder)
    if not offered:
        raise StagingError(f"MODEL_FOLDER {str(folder)!r} holds no file; put the weights there")
    files = select(offered, settings.allow or ("*",), settings.ignore)
    check_artefacts(
        str(folder),
        files,
        offered,
        lambda path: (folder / path).read_bytes(),
        ignored=settings.ignored_rules,
    )
    return files
