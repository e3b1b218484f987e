"""What lies beside a prefix, so that no server loads it with the files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from model_builder.model import Model, Snapshot

VERSION = 1


def manifest_key(prefix: str) -> str:
    """Return where a run tells what it staged: written last, when all of it is verified."""
    return f"{prefix.rstrip('/')}.manifest.json"


def plan_key(prefix: str) -> str:
    """Return where the commits stand that a prefix is resolved to: written before any file."""
    return f"{prefix.rstrip('/')}.plan.json"


def error_key(prefix: str) -> str:
    """Return where it stands why the last build failed."""
    return f"{prefix.rstrip('/')}.error.json"


def commits_to_json(snapshots: Iterable[Snapshot]) -> bytes:
    """Write the commits that a prefix is resolved to."""
    models = [
        {
            "model_id": snapshot.model.model_id,
            "revision": snapshot.model.revision,
            "commit": snapshot.commit,
        }
        for snapshot in snapshots
    ]
    return json.dumps({"version": VERSION, "models": models}, indent=1).encode()


def commits_from_json(text: bytes | None) -> Mapping[Model, str]:
    """Read the commits that a prefix is resolved to; none where the text is none of this version.

    >>> commits_from_json(b'{"version": 0}')
    {}
    """
    try:
        data = json.loads(text or b"{}")
        if data.get("version") != VERSION:
            return {}
        return {
            Model(str(entry["model_id"]), str(entry["revision"])): str(entry["commit"])
            for entry in data["models"]
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def error_to_json(message: str, at: float) -> bytes:
    """Write why a build failed.

    Args:
        message: One message for people.
        at: When, in seconds since 1970.
    """
    return json.dumps({"error": message, "at": int(at)}).encode()
