"""Carries out a plan: write, verify, and only then say so in the manifest."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from model_builder import beside
from model_builder.archive import ArchiveWriter, Packed, archive_notes
from model_builder.catalogue import manifest
from model_builder.copies import copy
from model_builder.errors import StagingError
from model_builder.manifest import Manifest, StagedFile, StagedModel, to_json
from model_builder.model import MIB
from model_builder.plan import (
    ARCHIVE,
    FromFolder,
    FromHub,
    GivenArchive,
    InPlace,
    Plan,
    PlannedFile,
)
from model_builder.prefix import PrefixWriter
from model_builder.progress import Progress
from model_builder.s3_errors import ChangedError
from model_builder.sources import Sources
from model_builder.store import Store
from model_builder.tags import finish

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
        earlier = manifest(self._store, beside.manifest_key(plan.prefix))
        if earlier and self._is_staged(plan, earlier):
            log.info("all of it is staged already")
            self._tidy(plan)
            return earlier
        remains = self._remains(plan)
        if earlier:
            self._store.delete([beside.manifest_key(plan.prefix)])
        self._note_commits(plan)
        # An archive whose beginning is read on is replaced when the new one is whole.
        self._store.delete([*remains, *(() if plan.head else plan.replaces)])
        staged = self._write(plan, selection)
        self._verify(plan, staged)
        ended = self._store.uploads.abort_all(plan.prefix)
        if ended:
            log.info("dropped %d unfinished uploads of an earlier run", ended)
        finish(self._store, plan.keys, connections=self._limits.connections)
        self._store.put(beside.manifest_key(plan.prefix), to_json(staged), finished=True)
        self._tidy(plan)
        return staged

    def _note_commits(self, plan: Plan) -> None:
        """Say beside the prefix what it is resolved to, before its first file."""
        key, body = beside.plan_key(plan.prefix), beside.commits_to_json(plan.snapshots)
        there = self._store.get(key)
        commits = beside.commits_from_json(body)
        if not commits or beside.commits_from_json(there) == commits:
            return
        try:
            self._store.put(key, body, new=there is None)
        except ChangedError as error:
            if beside.commits_from_json(self._store.get(key)) != commits:
                raise StagingError(
                    "another build resolves the models to other commits; run again when it is done"
                ) from error

    def _tidy(self, plan: Plan) -> None:
        """Leave beside a finished prefix what belongs there: an earlier failure does not."""
        if self._store.find(beside.error_key(plan.prefix)):
            self._store.delete([beside.error_key(plan.prefix)])
        if self._store.find(beside.plan_key(plan.prefix)):
            finish(self._store, [beside.plan_key(plan.prefix)], connections=1)

    def _is_staged(self, plan: Plan, earlier: Manifest) -> bool:
        return (
            earlier.fingerprint == plan.fingerprint
            and self._store.sizes(plan.prefix) == {f.key: f.size for f in earlier.files}
            and (plan.archive or all(isinstance(f.source, InPlace) for f in plan.files))
        )

    def _remains(self, plan: Plan) -> list[str]:
        """Return what an earlier plan left below the prefix; refuse what others put there."""
        extra = sorted(set(self._store.sizes(plan.prefix)) - plan.keys)
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
            packed = self._pack(plan, progress)
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

    def _pack(self, plan: Plan, progress: Progress) -> Packed:
        if plan.given and not plan.files:
            return self._copy_archive(plan, plan.given)
        writer = ArchiveWriter(
            self._store,
            self._sources.read,
            self._sources.read_object,
            connections=self._limits.connections,
            room=self._limits.room,
            progress=progress,
        )
        return writer.write(plan)

    def _copy_archive(self, plan: Plan, given: GivenArchive) -> Packed:
        key = f"{plan.prefix}{ARCHIVE}"
        found = copy(self._store, given.source, given.size, key, archive_notes(plan))
        if given.sha256 and found not in {None, given.sha256}:
            self._store.delete([key])
            raise StagingError(
                f"{given.source.key} has the digest {found}, not {given.sha256}, which its "
                "manifest tells; stage it anew"
            )
        return Packed(given.size, given.sha256 or found or "", {}, None)

    def _manifest_of_archive(self, plan: Plan, selection: str, packed: Packed) -> Manifest:
        members = tuple(_staged(file, file.path, packed.members) for file in plan.files)
        key = f"{plan.prefix}{ARCHIVE}"
        archive = StagedFile(key, packed.size, packed.sha256, ARCHIVE)
        return self._manifest(plan, selection, (archive,), members=members, packed=packed)

    def _manifest(
        self,
        plan: Plan,
        selection: str,
        files: tuple[StagedFile, ...],
        *,
        members: tuple[StagedFile, ...] = (),
        packed: Packed | None = None,
    ) -> Manifest:
        models = {
            StagedModel(each.model.model_id, each.model.revision, each.commit): each.listing
            for each in plan.snapshots
        }
        return Manifest(
            plan.fingerprint,
            selection,
            int(self._now()),
            tuple(models),
            files,
            members,
            head=packed.head if packed else None,
            listings={str(model): listing for model, listing in models.items() if listing},
        )

    def _verify(self, plan: Plan, staged: Manifest) -> None:
        expected = {file.key: file.size for file in staged.files}
        there = self._store.sizes(plan.prefix)
        wrong = sorted(key for key in expected | there if expected.get(key) != there.get(key))
        if wrong:
            raise StagingError(
                f"{wrong[0]} has {there.get(wrong[0])} bytes, not {expected.get(wrong[0])}: "
                "something else writes below the prefix; run again when it does not"
            )


def _bytes_to_move(plan: Plan) -> int:
    if plan.head:
        return plan.head.end + sum(file.size for file in plan.files if file.model_id is None)
    if plan.archive:
        return sum(file.size for file in plan.files)
    return sum(f.size for f in plan.files if isinstance(f.source, FromHub | FromFolder))


def _staged(file: PlannedFile, key: str, digests: Mapping[str, str]) -> StagedFile:
    sha256 = digests.get(file.path) or file.sha256 or ""
    return StagedFile(key, file.size, sha256, file.path, file.model_id, file.blob_id)
