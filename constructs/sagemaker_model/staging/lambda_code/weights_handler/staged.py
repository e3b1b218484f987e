"""What the staging program leaves beside a prefix."""

from __future__ import annotations

import json
from typing import Any

from .bucket import Bucket

TOMBSTONE = {"deleting": True}
"""Stands in the place of the manifest while files are deleted, so that nothing looks finished."""


def is_manifest(data: dict[str, Any] | None) -> bool:
    """Return whether this tells of verified files; a tombstone does not."""
    return data is not None and "fingerprint" in data


def parse(text: bytes) -> dict[str, Any] | None:
    """Read a JSON object; None where the text is none."""
    try:
        data = json.loads(text)
    except ValueError:
        return None
    return data if isinstance(data, dict) else None


def read_json(bucket: Bucket, key: str) -> dict[str, Any] | None:
    """Return the JSON object at *key*; None where there is none."""
    found = bucket.read(key)
    return parse(found[0]) if found else None


def reason_of_failure(bucket: Bucket, key: str, since: float) -> str:
    """Return what the program says of its failure; empty where it said nothing.

    Args:
        bucket: Where it lies.
        key: Where the program writes it.
        since: When the build began, in seconds since 1970: what is older is of an earlier one.
    """
    found = bucket.read(key)
    if found is None or found[1] < since:
        return ""
    return str((parse(found[0]) or {}).get("error", ""))
