"""What a request holds, checked before a model sees it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any


def check_fields(request: object, allowed: Collection[str]) -> dict[str, Any]:
    """Return a request with nothing in it but what is understood; None counts as left out.

    Args:
        request: The decoded body.
        allowed: Names of the fields.

    Raises:
        TypeError: The body is no object.
        ValueError: It has a field of another name.
    """
    if not isinstance(request, dict):
        raise TypeError(
            f"the body is a {type(request).__name__}; send an object such as "
            '{"inputs": ["a text"]}'
        )
    unknown = sorted(set(map(str, request)) - set(allowed))
    if unknown:
        raise ValueError(f"unknown field {unknown[0]!r}; allowed are {', '.join(sorted(allowed))}")
    return {name: value for name, value in request.items() if value is not None}


def read_texts(request: dict[str, Any], *names: str) -> list[str]:
    """Return the texts of a field: one string makes a list of one.

    Args:
        request: The request.
        names: Names that the field may have; the first is the one to recommend.

    Raises:
        TypeError: The field holds something else.
        ValueError: The field is missing, there twice, or empty.
    """
    name = _given(request, names)
    value = request[name]
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list):
        raise TypeError(f"{name!r} is a {type(value).__name__}; give a string or a list of them")
    if not texts:
        raise ValueError(f"{name!r} is empty; give at least one string")
    for index, text in enumerate(texts):
        if not isinstance(text, str):
            raise TypeError(f"{name}[{index}] is {text!r}; each must be a string")
    return texts


def read_text(request: dict[str, Any], *names: str) -> str:
    """Return the one text of a field.

    Args:
        request: The request.
        names: Names that the field may have; the first is the one to recommend.

    Raises:
        TypeError: The field holds something else.
        ValueError: The field is missing, or there twice.
    """
    name = _given(request, names)
    value = request[name]
    if not isinstance(value, str):
        raise TypeError(f"{name!r} is a {type(value).__name__}; give one string")
    return value


def read_flag(request: dict[str, Any], name: str) -> bool:
    """Return a field that is true or false; false where it is left out.

    Args:
        request: The request.
        name: Name of the field.

    Raises:
        TypeError: The field holds something else.
    """
    value = request.get(name, False)
    if not isinstance(value, bool):
        raise TypeError(f"{name!r} is {value!r}; give true or false")
    return value


def _given(request: dict[str, Any], names: tuple[str, ...]) -> str:
    given = [name for name in names if name in request]
    if not given:
        raise ValueError(f"{names[0]!r} is missing")
    if len(given) > 1:
        raise ValueError(f"{given[0]!r} and {given[1]!r} mean the same; give one of them")
    return given[0]
