"""Real, well-known models as a lock file has them, and where they are known to run or not to.

Each model tells where its shape and its size are from. A size "by arithmetic" is the number of
parameters that the shape comes to; the numbers agree with those that the models' cards give. Of a
pair that does not work the source is a report of it, or says that it is arithmetic.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from checks.deployments import a_deployment
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.engine.serving_options import ServingOptions
from sagemaker_model.model_lock.locked_model import LockedFile, LockedModel
from sagemaker_model.model_lock.model_config import read_config

HERE = Path(__file__).parent


class Pair(NamedTuple):
    """A model on an engine and an instance type."""

    model: str
    engine: str
    instance: str
    source: str
    reason: str
    options: Mapping[str, Any]
    version: str | None

    def __str__(self) -> str:
        return f"{self.model} on {self.instance} by {self.engine}"

    def deployed(self) -> Deployed:
        return a_deployment(
            models()[self.model],
            self.engine,
            self.instance,
            options=ServingOptions(**self.options),
            version=self.version,
        )


@cache
def models() -> Mapping[str, LockedModel]:
    found = (_model(entry) for path in HERE.glob("models/*.json") for entry in _read(path))
    return {model.id: model for model in found}


@cache
def sources() -> Mapping[str, Mapping[str, str]]:
    return {
        entry["id"]: entry["source"] for path in HERE.glob("models/*.json") for entry in _read(path)
    }


def pairs(kind: str) -> list[Pair]:
    """Return the pairs that are known to work, or that are known not to: "works" or "fails"."""
    return [
        Pair(
            model=entry["model"],
            engine=entry["engine"],
            instance=entry["instance"],
            source=entry["source"],
            reason=entry.get("reason", ""),
            options=entry.get("options", {}),
            version=entry.get("version"),
        )
        for entry in _read(HERE / "pairs.json")[kind]
    ]


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _model(entry: Mapping[str, Any]) -> LockedModel:
    return LockedModel(
        id=entry["id"],
        commit="0" * 40,
        licence=entry.get("licence"),
        gated=entry.get("gated", False),
        pipeline_tag=entry.get("pipeline_tag"),
        library=entry.get("library"),
        files=tuple(LockedFile(**file) for file in entry.get("files", [])),
        parameters=entry.get("parameters", {}),
        config=read_config(entry["config"]),
        chat_template=entry.get("chat_template", False),
    )
