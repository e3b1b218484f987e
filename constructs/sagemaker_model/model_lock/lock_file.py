"""Read and write a lock: JSON that people can read, in an order that keeps differences small."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from sagemaker_model.model_lock.lock import ModelLock
from sagemaker_model.model_lock.locked_image import LockedImage
from sagemaker_model.model_lock.locked_model import LockedModel
from sagemaker_model.model_lock.plain_data import as_mapping, as_text, from_plain, shown, to_plain
from sagemaker_model.weights.hub_model import HubModel

VERSION = 1
"""Version of the file's format; raised when older versions of the library can't read it."""
_AGAIN = "mend it, or delete it and run sagemaker-model lock"


class LockFileError(ValueError):
    """A lock file is not there, or is not one."""


def read_lock(path: str | Path) -> ModelLock:
    """Read a lock file.

    Args:
        path: The file.

    Raises:
        LockFileError: There is no such file, or it is not a lock file that this version of the
            library reads; the message tells the file, the place in it and what is wrong.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise LockFileError(
            f"there is no lock file {path}; write it with sagemaker-model lock --file {path}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise LockFileError(f"the lock file {path} can't be read: {error}") from error
    try:
        return parse_lock(text)
    except ValueError as error:
        raise LockFileError(f"the lock file {path} is wrong: {error}; {_AGAIN}") from None


def parse_lock(text: str) -> ModelLock:
    """Return the lock that a file's text holds.

    Raises:
        ValueError: It holds none; the message tells the place and what is wrong.
    """
    data = as_mapping(_json(text), "the file")
    _check_version(data.get("version"))
    models = as_mapping(data.get("models", {}), "models")
    images = as_mapping(data.get("images", {}), "images")
    instances = as_mapping(data.get("instances", {}), "instances")
    return ModelLock(
        models={asked: _model(asked, facts) for asked, facts in models.items()},
        images={key: from_plain(LockedImage, v, f"images.{key}") for key, v in images.items()},
        instances={key: as_text(v, f"instances.{key}") for key, v in instances.items()},
    )


def write_lock(lock: ModelLock) -> str:
    """Return a lock as a file's text: the same lock gives the same text."""
    data = {
        "version": VERSION,
        "images": {key: to_plain(lock.images[key]) for key in sorted(lock.images)},
        "instances": dict(sorted(lock.instances.items())),
        "models": {asked: _plain_model(lock.models[asked]) for asked in sorted(lock.models)},
    }
    return f"{_pretty(data)}\n"


def _json(text: str) -> object:
    try:
        return cast("object", json.loads(text))
    except json.JSONDecodeError as error:
        raise ValueError(f"line {error.lineno} is no JSON: {error.msg}") from None
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def _check_version(version: object) -> None:
    if type(version) is int and version > VERSION:
        raise ValueError(
            f"version is {version}, but this version of the library reads up to {VERSION}; "
            "upgrade cdk-sagemaker-model"
        )
    if version != VERSION or type(version) is not int:
        raise ValueError(f"version must be {VERSION}, got {shown(version)}")


def _model(asked: str, facts: object) -> LockedModel:
    model = HubModel.parse(asked)
    where = f"models.{asked}"
    return from_plain(LockedModel, facts, where, id=model.model_id, revision=model.revision)


def _plain_model(model: LockedModel) -> object:
    """Return a model without what its key tells."""
    plain = cast("Mapping[str, object]", to_plain(model))
    return {name: value for name, value in plain.items() if name not in {"id", "revision"}}


def _pretty(value: object, indent: str = "") -> str:
    """Write JSON with a line for each value, but each object of a list in one line."""
    inner = f"{indent}  "
    if isinstance(value, dict) and value:
        entries = cast("dict[str, object]", value).items()
        lines = [f"{inner}{_compact(key)}: {_pretty(each, inner)}" for key, each in entries]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(value, list) and value:
        lines = [f"{inner}{_compact(each)}" for each in cast("list[object]", value)]
        return "[\n" + ",\n".join(lines) + f"\n{indent}]"
    return _compact(value)


def _compact(value: object) -> str:
    return json.dumps(value)
