"""Dataclasses as JSON and back, by the types of their fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
_PLAIN = {str: "text", int: "a whole number that is not negative", bool: "true or false"}


def from_plain(cls: type[T], data: object, where: str, **given: object) -> T:
    """Make a dataclass of an object of JSON; keys that it does not know are left alone.

    Args:
        cls: The dataclass.
        data: The JSON.
        where: Where it stands in its file, for messages.
        given: Values of fields that the JSON does not hold.

    Raises:
        ValueError: A value has another type than its field, or is missing, or the class refuses
            it; the message begins with where it stands.
    """
    values = dict(given)
    plain, hints = as_mapping(data, where), _hints(cast("Any", cls))
    for each in fields(cast("Any", cls)):
        path = f"{where}.{each.name}"
        if each.name in plain and each.name not in given:
            values[each.name] = _value(hints[each.name], plain[each.name], path)
        elif each.name not in values and _is_required(each):
            raise ValueError(f"{path} is missing")
    try:
        return cls(**values)
    except ValueError as error:
        raise ValueError(f"{where}.{error}") from None


def to_plain(value: object) -> object:
    """Return a dataclass as JSON data, without the fields that are as they are by default."""
    if is_dataclass(value) and not isinstance(value, type):
        told = ((each, getattr(value, each.name)) for each in fields(value))
        return {
            each.name: to_plain(v) for each, v in told if _is_required(each) or v != _usual(each)
        }
    if isinstance(value, Mapping):
        return {key: to_plain(inner) for key, inner in cast("Mapping[str, object]", value).items()}
    if isinstance(value, tuple):
        return [to_plain(inner) for inner in cast("tuple[object, ...]", value)]
    return value


def as_mapping(data: object, where: str) -> Mapping[str, object]:
    """Return an object of JSON.

    Raises:
        ValueError: It is something else.
    """
    if not isinstance(data, Mapping):
        raise ValueError(f"{where} must be an object, got {shown(data)}")  # noqa: TRY004
    return cast("Mapping[str, object]", data)


def as_text(data: object, where: str) -> str:
    """Return a text of JSON.

    Raises:
        ValueError: It is something else.
    """
    if not isinstance(data, str):
        raise ValueError(f"{where} must be {_PLAIN[str]}, got {shown(data)}")  # noqa: TRY004
    return data


def shown(data: object) -> str:
    """Write a value for a message, cut where it is long.

    >>> shown("a" * 99)
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…"
    """
    text = repr(data)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


_LONGEST = 61


@cache
def _hints(cls: Any) -> dict[str, Any]:
    return get_type_hints(cls)


def _is_required(each: Field[Any]) -> bool:
    return each.default is MISSING and each.default_factory is MISSING


def _usual(each: Field[Any]) -> object:
    return each.default if each.default_factory is MISSING else each.default_factory()


def _value(hint: Any, data: object, where: str) -> object:
    if isinstance(hint, UnionType):
        if data is None:
            return None
        (hint,) = (kind for kind in get_args(hint) if kind is not NoneType)
    if get_origin(hint) is tuple:
        if not isinstance(data, list):
            raise ValueError(f"{where} must be a list, got {shown(data)}")
        given = enumerate(cast("list[object]", data))
        return tuple(_value(get_args(hint)[0], each, f"{where}[{i}]") for i, each in given)
    if get_origin(hint) is not None:
        given_items = as_mapping(data, where).items()
        return {key: _value(get_args(hint)[1], each, f"{where}.{key}") for key, each in given_items}
    if hint not in _PLAIN:
        return from_plain(hint, data, where)
    if type(data) is not hint or (hint is int and cast("int", data) < 0):
        raise ValueError(f"{where} must be {_PLAIN[hint]}, got {shown(data)}")
    return data
