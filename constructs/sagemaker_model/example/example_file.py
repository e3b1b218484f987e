"""Examples in files of JSON, which people write and keep with their code."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sagemaker_model.example.example import JSON, Example
from sagemaker_model.runtime.payload import as_bytes
from sagemaker_model.spelling import did_you_mean

FOLDER = Path("examples")
"""Where examples lie: beside the folder ``code`` of a handler."""
_BYTES = "application/octet-stream"
_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "about": str,
    "payload": object,
    "payload_file": str,
    "content_type": str,
    "accept": str,
    "answer": object,
    "part": str,
    "tolerance": (int, float),
    "expect": str,
    "expect_json": str,
    "status": int,
}
_REQUEST = ("payload", "payload_file")


def find_examples(folder: Path) -> list[Path]:
    """Return the files of the examples in a folder, by name; none where there is no folder.

    Args:
        folder: The folder.
    """
    return sorted(folder.glob("*.json"))


def read_example(path: Path) -> Example:
    """Read an example.

    Args:
        path: Its file, which gives it its name.

    Raises:
        OSError: The file, or the one that it names, can't be read.
        ValueError: It is no example; the message begins with the file.
    """
    try:
        told = _read(path)
        body, content_type = _request(path.parent, told)
        others = {name: told[name] for name in _TYPES if name in told and name not in _NOT_HERE}
        return Example(path.stem, body, content_type=content_type, **others)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path}: {error}") from error


_NOT_HERE = {"about", "content_type", *_REQUEST}


def write_answer(path: Path, answer: object) -> None:
    """Write another answer into an example, and leave the rest as it is.

    Args:
        path: Its file.
        answer: What must be answered from now on.
    """
    told = {**_read(path), "answer": answer}
    lines = (
        f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}"
        for name, value in told.items()
    )
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _read(path: Path) -> dict[str, Any]:
    told = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(told, dict):
        raise TypeError(f"an example must be an object, got {told!r}; give {{'payload': …}}")
    for name, value in told.items():
        _check(name, value)
    if sum(name in told for name in _REQUEST) != 1:
        raise ValueError("an example must have what is sent: either payload or payload_file")
    return told


def _check(name: str, value: object) -> None:
    kind = _TYPES.get(name)
    if kind is None:
        raise ValueError(
            f"an example has no {name!r}; {did_you_mean(name, _TYPES)}it may have "
            f"{', '.join(_TYPES)}"
        )
    if not isinstance(value, kind) or (kind is not object and isinstance(value, bool)):
        what = "a text" if kind is str else "a whole number" if kind is int else "a number"
        raise TypeError(f"{name} must be {what}, got {json.dumps(value)}")


def _request(folder: Path, told: Mapping[str, Any]) -> tuple[bytes, str]:
    if "payload" in told:
        return as_bytes(told["payload"]), told.get("content_type", JSON)
    path = folder / told["payload_file"]
    guessed = mimetypes.guess_type(path.name)[0]
    return path.read_bytes(), told.get("content_type") or guessed or _BYTES
