"""Which kinds of models transformers, vLLM and SGLang know, by release."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from sagemaker_model.image.version import at_least


class Release(NamedTuple):
    """What one release knows that the one before it did not, and the reverse.

    Args:
        version: Its version.
        added: What it knows besides.
        removed: What it does not know any more.
    """

    version: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


@cache
def releases(library: str) -> tuple[Release, ...]:
    """Return the releases that are listed of a library, the oldest first.

    Args:
        library: ``"transformers"``, ``"vllm"`` or ``"sglang"``.
    """
    text = files("sagemaker_model.engine").joinpath("model_kinds.json").read_text(encoding="utf-8")
    return tuple(
        Release(version, tuple(added), tuple(removed))
        for version, added, removed in json.loads(text)[library]
    )


@cache
def known_kinds(library: str, version: str | None = None) -> frozenset[str]:
    """Return what a library knows: for transformers ``model_type``s, else ``architectures``.

    Args:
        library: ``"transformers"``, ``"vllm"`` or ``"sglang"``.
        version: Its version. What stands for it is the newest listed release that is not newer;
            before the oldest nothing is known. Default: the newest listed.
    """
    known: set[str] = set()
    for release in releases(library):
        if at_least(version, release.version):
            known = (known | set(release.added)) - set(release.removed)
    return frozenset(known)


def first_with(kind: str, library: str) -> str | None:
    """Return the first listed release that knows *kind*; None where none does.

    Args:
        kind: A ``model_type`` or an architecture.
        library: ``"transformers"``, ``"vllm"`` or ``"sglang"``.
    """
    return next((each.version for each in releases(library) if kind in each.added), None)
