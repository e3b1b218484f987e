"""Finds the files of a Hub's model at one commit, from the bucket where it was staged before."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from model_builder.check_artefacts import check_artefacts
from model_builder.errors import HubUnavailableError, StagingError
from model_builder.manifest import Manifest, selection_name
from model_builder.model import Model, RemoteFile, Snapshot, listing_digest
from model_builder.selection import select
from model_builder.settings import Settings

log = logging.getLogger(__name__)
_COMMIT = re.compile(r"[0-9a-f]{40}")


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


@dataclass(frozen=True, slots=True)
class Snapshots:
    """Knows what a model consists of.

    Args:
        settings: What is asked for.
        hub: Where models come from.
        staged: What the bucket holds.
        resolved: The commits that the prefix is resolved to already.
    """

    settings: Settings
    hub: ModelSource
    staged: Sequence[Manifest]
    resolved: Mapping[Model, str]

    def of(self, model: Model) -> Snapshot:
        """Return a model's files at the commit that its revision stands for.

        A prefix stays at the commit that it was resolved to, so that no build mixes two.

        Raises:
            HubUnavailableError: only the Hub could tell, and it does not answer, or refuses.
            StagingError: there is no such model or revision, or no server could load it, or its
                files are not those that were locked.
        """
        known = self._known(model)
        if model in self.resolved:
            commit = self.resolved[model]
            return known.get(commit) or self._ask(model, commit)
        if model.revision in known:
            # A commit never changes: what was staged of it says all.
            return known[model.revision]
        try:
            pinned = _COMMIT.fullmatch(model.revision)
            commit = model.revision if pinned else self.hub.commit(model)
            return known.get(commit) or self._ask(model, commit)
        except HubUnavailableError as error:
            if not known:
                raise
            snapshot = next(iter(known.values()))
            log.warning("%s; taking %s as it was staged, %s", error, model, snapshot.commit)
            return snapshot

    def _known(self, model: Model) -> dict[str, Snapshot]:
        """Return what the bucket knows of a model, by commit, the newest first."""
        selection = selection_name(self.settings.allow, self.settings.ignore)
        newest_first = sorted(self.staged, key=lambda manifest: -manifest.created)
        return {
            entry.commit: Snapshot(
                model, entry.commit, _files_of(manifest, model), manifest.listing(entry)
            )
            for manifest in reversed(newest_first)
            for entry in manifest.models
            if manifest.selection == selection
            and entry.model_id == model.model_id
            and model.revision in {entry.revision, entry.commit}
            and self.settings.listings.get(model.model_id) in {None, manifest.listing(entry)}
        }

    def _ask(self, model: Model, commit: str) -> Snapshot:
        offered = self.hub.files(model, commit)
        listing = listing_digest(offered)
        if self.settings.listings.get(model.model_id, listing) != listing:
            raise StagingError(
                f"{model.model_id} at {commit} has other files than the lock file says; if that is "
                "expected, run sagemaker-model lock for it, see what has changed, and deploy again"
            )
        files = select(offered, self.settings.allow, self.settings.ignore)
        by_path = {file.path: file for file in files}
        check_artefacts(
            str(model),
            files,
            offered,
            lambda path: self.hub.content(model, commit, by_path[path]),
            ignored=self.settings.ignored_rules,
        )
        return Snapshot(model, commit, tuple(files), listing)


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
