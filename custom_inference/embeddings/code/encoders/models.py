"""Which models lie in the model folder, and which of them a request means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

Model = TypeVar("Model")

ALONE = ""
"""Key of a model that lies in the model folder itself, and so has no name."""

_CODE = "code"


def find_models(model_dir: str | Path) -> dict[str, Path]:
    """Return the folder of each model, by its name.

    One model lies in the model folder itself, several in a folder each, which is named after the
    part of the model's id behind the last slash.

    Args:
        model_dir: The model folder.

    Raises:
        ValueError: There is no model.
    """
    root = Path(model_dir)
    if _is_model(root):
        return {ALONE: root}
    folders = [path for path in sorted(root.iterdir()) if path.is_dir() and path.name != _CODE]
    models = {path.name: path for path in folders if _is_model(path)}
    if not models:
        raise ValueError(
            f"there is no model in {str(root)!r}: neither it nor one of its folders "
            f"({_listed(path.name for path in folders)}) has a config.json; deploy the model's "
            "files, not their archive"
        )
    return models


def choose_model(models: Mapping[str, Model], name: object = None) -> Model:
    """Return the model that a request means.

    Args:
        models: The models, by name. One alone in the model folder answers to any name.
        name: The model's id, or the part behind the last slash. Default: None, the only one.

    Raises:
        ValueError: There is no such model, or several and no name.
    """
    if len(models) == 1 and (name is None or ALONE in models):
        return next(iter(models.values()))
    if name is None:
        raise ValueError(f"'model' is missing; name one of {_listed(models)}")
    folder = str(name).rpartition("/")[2]
    if folder not in models:
        raise ValueError(f"no model {name!r} answers this request; there are {_listed(models)}")
    return models[folder]


def is_classifier(folder: Path) -> bool:
    """Return whether a model's head gives scores, as cross-encoders do, by its architecture.

    Args:
        folder: The model's files.
    """
    names = read_json(folder / "config.json").get("architectures") or []
    return any(name.endswith("ForSequenceClassification") for name in names)


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in a JSON file; an empty one where there is no file.

    Args:
        path: The file.

    Raises:
        TypeError: The file holds something else.
        ValueError: It is not JSON.
    """
    if not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path.name} of {path.parent.name!r} is not JSON: {error}") from None
    if not isinstance(content, dict):
        raise TypeError(f"{path.name} of {path.parent.name!r} holds no object")
    return content


def _is_model(folder: Path) -> bool:
    return any((folder / name).is_file() for name in ("config.json", "modules.json"))


def _listed(names: Any) -> str:
    return ", ".join(repr(name) for name in sorted(names)) or "none"
