"""Which files of the Hub's models a staging build would take: its own program tells."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sagemaker_model.staging.bundled import staging_program
from sagemaker_model.weights.hub_model import HubModel

_SELECTING = ("MODEL_ID", "LISTINGS", "ALLOW_PATTERNS", "IGNORE_PATTERNS", "IGNORE_RULES")
# The staging program wants to know where it stages to, of which nothing is made here.
_NOWHERE = "s3://nowhere/at-all/"


@dataclass(frozen=True, slots=True)
class Selected:
    """The files of a model that are taken.

    Args:
        model_id: The model.
        commit: Its commit.
        paths: Paths of the files in the repository.
    """

    model_id: str
    commit: str
    paths: tuple[str, ...]

    @property
    def name(self) -> str:
        """The model's folder where there are several."""
        return self.model_id.rpartition("/")[2]


def select(
    told: Mapping[str, str], *, endpoint: str, token: str | None, cache: Path
) -> list[Selected]:
    """Return the files of each model; the Hub is asked once about models that have a commit.

    Args:
        told: What a staging build is told: ``MODEL_ID`` with revisions, ``ALLOW_PATTERNS`` and so
            on.
        endpoint: URL of the Hub.
        token: Token of the Hub; None asks without.
        cache: Folder of what was found before.

    Raises:
        ValueError: There is no such model, or a staging build would refuse it.
    """
    wanted = {name: told[name] for name in _SELECTING if name in told}
    digest = hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()
    known = cache / f"{digest}.json"
    if known.is_file():
        return [_of_json(each) for each in json.loads(known.read_text(encoding="utf-8"))]
    places = {"DESTINATION": _NOWHERE, "HF_ENDPOINT": endpoint, "HF_TOKEN": token or ""}
    with told_as_mistakes():
        found = _ask({**wanted, **places})
    # A commit never changes, a branch does.
    if all(HubModel.parse(each).pinned for each in wanted["MODEL_ID"].split(",")):
        cache.mkdir(parents=True, exist_ok=True)
        # A command that is ended here must not leave half of it.
        partial = known.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps([asdict(each) for each in found]), encoding="utf-8")
        partial.replace(known)
    return found


@contextmanager
def told_as_mistakes() -> Iterator[None]:
    """Let the staging program be imported, and raise what it says as the user's mistakes.

    Raises:
        ValueError: It says something.
    """
    with staging_program():
        from model_builder.errors import SettingsError, StagingError

        try:
            yield
        except (SettingsError, StagingError) as error:
            raise ValueError(str(error)) from error


def _ask(variables: Mapping[str, str]) -> list[Selected]:
    from model_builder.clients import trusted
    from model_builder.connections import Connections
    from model_builder.hub import Hub
    from model_builder.retry import Retry
    from model_builder.settings import Settings
    from model_builder.snapshots import Snapshots

    settings = Settings.from_environment(variables)
    connections = Connections(settings.stall, trusted(os.environ))
    hub = Hub(
        settings.hub,
        settings.token,
        connections=connections,
        retry=Retry(settings.attempts, time.sleep),
        timeout=settings.stall,
    )
    snapshots = Snapshots(settings, hub, (), {})
    try:
        found = [snapshots.of(model) for model in settings.models]
    finally:
        connections.drop(settings.hub)
    return [
        Selected(each.model.model_id, each.commit, tuple(file.path for file in each.files))
        for each in found
    ]


def _of_json(told: Mapping[str, Any]) -> Selected:
    return Selected(told["model_id"], told["commit"], tuple(told["paths"]))
