"""Carries out a plan: write, verify, and only then say so in the manifest."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from model_builder.archive import ArchiveWriter, Packed
from model_builder.errors import StagingError
from model_builder.manifest import Manifest, StagedFile, StagedModel, to_json
from model_builder.model import MIB
from model_builder.plan import ARCHIVE, FromFolder, FromHub, InPlace, Plan, PlannedFile
from model_builder.prefix import PrefixWriter
from model_builder.progress import Progress
from model_builder.sources import Sources
from model_builder.store import Store

log = logging.getLogger(__name__)
INTERPRETER = 96 * MIB
"""Bytes that Python and its libraries hold before the first part is in memory."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may take.

    Args:
        connections: Requests at a time.
        memory: Bytes of the whole process.
    """

    connections: int
    memory: int

    @property
    def room(self) -> int:
        """Bytes that parts may take together."""
        return max(self.memory - INTERPRETER, 0)


class Builder:
    """Carries out plans.

    Args:
        store: The bucket.
        sources: Where bytes come from.
        limits: What a run may take.
        clock: Tells seconds that only grow.
        now: Tells seconds since 1970.
    """

    def __init__(
        self,
        store: Store,
        sources: Sources,
        limits: Limits,
        *,
        clock: Callable[[], float],
        now: Callable[[], float],
    ) -> None:
        self._store = store
        self._sources = sources
        self._limits = limits
        self._clock = clock
        self._now = now

    def build(self, plan: Plan, selection: str) -> Manifest:
        """Stage what *plan* says, and return the manifest that tells of it.

        Args:
            plan: What will lie where.
            selection: Name of the selection that made it.

        Raises:
            StagingError: it could not be staged; no manifest is there.
        """
        earlier = self._store.manifest(plan.manifest_key)
        if earlier and self._is_staged(plan, earlier):
            log.info("all of it is staged already")
            return earlier
        strangers = self._remains(plan)
        if earlier:
            self._store.delete([plan.manifest_key])
        self._store.delete(strangers)
        manifest = self._write(plan, selection)
        self._verify(plan, manifest)
        ended = self._store.abort_uploads(plan.prefix)
        if ended:
            log.info("dropped %d unfinished uploads of an earlier run", ended)
        self._store.put(plan.manifest_key, to_json(manifest), {})
        return manifest

    def _is_staged(self, plan: Plan, earlier: Manifest) -> bool:
        return (
            earlier.fingerprint == plan.fingerprint
            and self._store.sizes(plan.prefix) == {f.key: f.size for f in earlier.files}
            and (plan.archive or all(isinstance(f.source, InPlace) for f in plan.files))
        )

    def _remains(self, plan: Plan) -> list[str]:
        """Return what an earlier plan left below the prefix; refuse what others put there."""
        extra = sorted(set(self._store.sizes(plan.prefix)) - _keys(plan))
        for key in extra:
            found = self._store.find(key)
            if found and found.notes.get("staged-for") != quote(plan.prefix):
                raise StagingError(
                    f"s3://{plan.bucket}/{key} lies below the destination, but was not staged "
                    "for it: choose a prefix of its own, or delete it"
                )
        return extra

    def _write(self, plan: Plan, selection: str) -> Manifest:
        progress = Progress(_bytes_to_move(plan), clock=self._clock)
        if plan.archive:
            packed = self._archive_writer(progress).write(plan)
            return self._manifest_of_archive(plan, selection, packed)
        writer = PrefixWriter(
            self._store,
            plan.prefix,
            self._sources.read,
            connections=self._limits.connections,
            room=self._limits.room,
            progress=progress,
        )
        digests = writer.write(plan.files)
        files = tuple(_staged(f, f"{plan.prefix}{f.path}", digests) for f in plan.files)
        return self._manifest(plan, selection, files)

    def _archive_writer(self, progress: Progress) -> ArchiveWriter:
        return ArchiveWriter(
            self._store,
            self._sources.read,
            self._sources.read_object,
            connections=self._limits.connections,
            room=self._limits.room,
            progress=progress,
        )

    def _manifest_of_archive(self, plan: Plan, selection: str, packed: Packed) -> Manifest:
        digests = {**self._digests_in_head(plan), **packed.members}
        members = tuple(_staged(file, file.path, digests) for file in plan.files)
        key = f"{plan.prefix}{ARCHIVE}"
        archive = StagedFile(key, packed.size, packed.sha256, ARCHIVE)
        return self._manifest(plan, selection, (archive,), members=members, packed=packed)

    def _digests_in_head(self, plan: Plan) -> Mapping[str, str]:
        if plan.head is None:
            return {}
        for manifest in self._store.manifests():
            if manifest.files and manifest.files[0].key == plan.head.key:
                return {member.path: member.sha256 for member in manifest.members}
        raise StagingError(f"the manifest of {plan.head.key} went away; run again")

    def _manifest(
        self,
        plan: Plan,
        selection: str,
        files: tuple[StagedFile, ...],
        *,
        members: tuple[StagedFile, ...] = (),
        packed: Packed | None = None,
    ) -> Manifest:
        models = tuple(
            StagedModel(snapshot.model.model_id, snapshot.model.revision, snapshot.commit)
            for snapshot in plan.snapshots
        )
        head = packed.head if packed else None
        created = int(self._now())
        return Manifest(plan.fingerprint, selection, created, models, files, members, head)

    def _verify(self, plan: Plan, manifest: Manifest) -> None:
        expected = {file.key: file.size for file in manifest.files}
        there = self._store.sizes(plan.prefix)
        wrong = sorted(key for key in expected | there if expected.get(key) != there.get(key))
        if wrong:
            raise StagingError(
                f"{wrong[0]} has {there.get(wrong[0])} bytes, not {expected.get(wrong[0])}: "
                "something else writes below the prefix; run again when it does not"
            )


def _keys(plan: Plan) -> set[str]:
    if plan.archive:
        return {f"{plan.prefix}{ARCHIVE}"}
    return {f"{plan.prefix}{file.path}" for file in plan.files}


def _bytes_to_move(plan: Plan) -> int:
    if plan.head:
        return plan.head.end + sum(file.size for file in plan.files if file.model_id is None)
    if plan.archive:
        return plan.size
    return sum(f.size for f in plan.files if isinstance(f.source, FromHub | FromFolder))


def _staged(file: PlannedFile, key: str, digests: Mapping[str, str]) -> StagedFile:
    sha256 = digests.get(file.path) or file.sha256 or ""
    return StagedFile(key, file.size, sha256, file.path, file.model_id, file.blob_id)
