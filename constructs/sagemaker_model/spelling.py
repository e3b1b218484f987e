"""What was probably meant by a name that is not known."""

from __future__ import annotations

from collections.abc import Iterable

CLOSE = 0.8
"""Likeness below which lie other names rather than slips of the pen, for names of some length."""
_NEAR = 0.6  # difflib's own: among few names a wrong question does no harm
_COMPARED = 3


def close_names(
    name: str, known: Iterable[str], *, cutoff: float = CLOSE, most: int = 1
) -> list[str]:
    """Return the known names that *name* may be a misspelling of, the likeliest first.

    Args:
        name: What was written.
        known: What could have been meant.
        cutoff: Least likeness from 0 to 1, as ``difflib`` counts it. Default: ``CLOSE``.
        most: How many to return. Default: 1.

    >>> close_names("us-esat-1", ["us-east-1", "us-west-1"])
    ['us-east-1']
    """
    # Importing it takes a millisecond, and most names are spelt well.
    from difflib import get_close_matches

    letters = sorted(name)
    close = get_close_matches(name, sorted(known), max(most, _COMPARED), cutoff)
    # The order of equals stays; letters that changed places are the likeliest slip of all.
    return sorted(close, key=lambda each: sorted(each) != letters)[:most]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a question for an error message; empty where no known name is near.

    >>> did_you_mean("vlm", ["vllm", "sglang"])
    "did you mean 'vllm'? "
    """
    close = close_names(name, known, cutoff=_NEAR)
    return f"did you mean {close[0]!r}? " if close else ""
