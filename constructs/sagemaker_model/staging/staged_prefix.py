"""Where staged files lie: a prefix that belongs to one construct and names all that went in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

LAYOUT = 1
"""Raised only when the same input would be staged differently; never with the library's version."""
ARCHIVE = "model.tar.gz"
_DIGITS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedPrefix:
    """The keys of one construct's staged files.

    Args:
        owner: Prefix of all that the construct ever stages: ``<root><stack>/<address>/``.
        digest: Digest of all that goes in.
    """

    owner: str
    digest: str

    @property
    def prefix(self) -> str:
        """Prefix of the files; ends with a slash."""
        return f"{self.owner}{self.digest}/"

    @property
    def manifest_key(self) -> str:
        """Key of the manifest: beside the prefix, so that no server loads it."""
        return f"{self.owner}{self.digest}.manifest.json"


def digest_of(facts: Mapping[str, object]) -> str:
    """Return the digest of all that goes into a prefix.

    Args:
        facts: What decides over the files, as JSON data; the order of its keys does not matter.

    >>> digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1})
    True
    """
    text = json.dumps({"layout": LAYOUT, **facts}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
