"""How one JSON value differs from another, told so that people find the place."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, TypeGuard

_LONGEST = 60


def differences(expected: Any, got: Any, tolerance: float, at: str = "answer") -> Iterator[str]:
    """Tell where a value is not as expected.

    Args:
        expected: What was expected; fields of objects that it leaves out are not looked at.
        got: The value.
        tolerance: How far apart numbers may lie, absolutely or relative to the larger one.
        at: What the value is called.

    >>> [*differences({"score": 0.5}, {"score": 0.5004, "label": "LABEL_0"}, 0.001)]
    []
    >>> [*differences([[1, 2]], [[1, 3]], 0)]
    ['answer[0][1]: expected 2, got 3']
    """
    match expected, got:
        case dict(), dict():
            yield from _of_objects(expected, got, tolerance, at)
        case list(), list() if len(expected) != len(got):
            yield f"{at}: expected {len(expected)} items, got {len(got)}"
        case list(), list():
            for index, pair in enumerate(zip(expected, got, strict=True)):
                yield from differences(*pair, tolerance, f"{at}[{index}]")
        case _ if not _equal(expected, got, tolerance):
            yield f"{at}: expected {_short(expected)}, got {_short(got)}"


def rounded(value: Any, tolerance: float) -> Any:
    """Return a value whose numbers have one more digit than the tolerance tells apart.

    Args:
        value: The value.
        tolerance: How far apart numbers may lie; 0 rounds nothing.

    >>> rounded({"scores": [0.123456, 7]}, 0.001)
    {'scores': [0.1235, 7]}
    """
    match value:
        case float() if tolerance > 0 and math.isfinite(value):
            return round(value, max(0, 1 - math.floor(math.log10(tolerance))))
        case list():
            return [rounded(each, tolerance) for each in value]
        case dict():
            return {name: rounded(each, tolerance) for name, each in value.items()}
    return value


def _of_objects(
    expected: dict[str, Any], got: dict[str, Any], tolerance: float, at: str
) -> Iterator[str]:
    for name, value in expected.items():
        if name in got:
            yield from differences(value, got[name], tolerance, f"{at}.{name}")
        else:
            yield f"{at}: expected the field {name!r}, got {_short([*got])}"


def _equal(expected: object, got: object, tolerance: float) -> bool:
    if _is_number(expected) and _is_number(got):
        return math.isclose(expected, got, rel_tol=min(tolerance, 1.0), abs_tol=tolerance)
    # To Python, True is 1.
    return type(expected) is type(got) and expected == got


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
