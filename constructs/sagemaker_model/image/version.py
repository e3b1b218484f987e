"""Order versions as people mean them."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"\d+")


def version_key(version: str) -> tuple[int, ...]:
    """Return what versions are sorted by: their numbers.

    >>> sorted(["0.9.3", "0.28.0", "0.8.2"], key=version_key)
    ['0.8.2', '0.9.3', '0.28.0']
    >>> version_key("b9522")
    (9522,)
    """
    return tuple(int(number) for number in _NUMBER.findall(version))


def at_least(version: str | None, least: str) -> bool:
    """Say whether *version* is *least* or newer; an unknown version counts as the newest.

    >>> at_least("0.21.0", "0.22.1"), at_least("0.28.0", "0.22.1"), at_least(None, "9")
    (False, True, True)
    """
    return version is None or version_key(version) >= version_key(least)
