"""Inference code to start from, with examples of what it answers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sagemaker_model.engine.tei_models import classifies
from sagemaker_model.model_lock.locked_model import LockedModel
from sagemaker_model.project.task import pipeline_of, task_of
from sagemaker_model.smoke_test.known_requests import HANDLERS, TASKS
from sagemaker_model.staging.bundled import bundled

Files = dict[str, str]
"""Texts of files by their paths."""

_STARTERS = Path(__file__).with_name("starters")
_EMBEDS = frozenset({"feature-extraction", "sentence-similarity"})
_RANKS = "text-ranking"
_TASK_LINE = re.compile(r'^TASK = ".*"$', re.MULTILINE)
_REQUIREMENTS = "code/requirements.txt"
_NO_PACKAGES = """\
# What the container installs when it starts, a line each: package==1.2.3
# It brings torch and transformers along; they are best left as they are.
"""
_REFUSED: Mapping[str, Any] = {"payload": {}, "status": 400, "expect": "inputs"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Starter:
    """Inference code to start from.

    Args:
        name: Which: a ready handler, ``"pipeline"`` or ``"skeleton"``.
        pipeline: What the pipeline does, as transformers names it; None for other code.
        why: What it does, for people.
    """

    name: str
    pipeline: str | None = None
    why: str

    def files(self) -> Files:
        """Return its files: the code, what it loads where there is no model, and examples."""
        folder = _folder(self.name)
        found = {
            path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.suffix in {".py", ".json"}
        }
        if self.pipeline:
            program = "code/inference.py"
            found[program] = _TASK_LINE.sub(f'TASK = "{self.pipeline}"', found[program])
        examples = {f"examples/{name}.json": _written(told) for name, told in self._examples()}
        return {_REQUIREMENTS: _NO_PACKAGES, **found, **examples}

    def _examples(self) -> list[tuple[str, Mapping[str, Any]]]:
        if self.name in HANDLERS:
            (payload,) = HANDLERS[self.name]
            return [
                ("two_texts", {"payload": payload, "expect_json": "length(@) == `2`"}),
                ("nothing_asked", {"payload": {}, "status": 400}),
            ]
        asked = TASKS.get(self.pipeline or "")
        known = [("answers", {"payload": asked, "expect_json": "length(@) > `0`"})] if asked else []
        return [*known, ("nothing_asked", _REFUSED)]


SKELETON: Final = Starter(name="skeleton", why="counts glad and sad words, until you change it")
"""Code for no model of the Hub, which answers all the same."""


def choose_starter(model: LockedModel) -> Starter:
    """Return the code to start from for a model.

    Args:
        model: The model.
    """
    task = task_of(model)
    if task in _EMBEDS and not classifies(model):
        return Starter(name="embeddings", why="makes embeddings, by the library's own handler")
    if task == _RANKS and classifies(model):
        return Starter(name="cross_encoder", why="ranks texts, by the library's own handler")
    pipeline = pipeline_of(task)
    if pipeline is None:
        return Starter(name="pipeline", pipeline="feature-extraction", why=_unknown(task))
    return Starter(name="pipeline", pipeline=pipeline, why=f"runs the pipeline {pipeline}")


def _unknown(task: str | None) -> str:
    told = f"transformers has no pipeline for {task}" if task else "its task is not known"
    return f"starts from the pipeline feature-extraction, as {told}: change what it loads"


def _folder(name: str) -> Path:
    """Return the folder that has ``code``."""
    own = _STARTERS / name
    return own if own.is_dir() else bundled("custom_inference") / name


def _written(told: Mapping[str, Any]) -> str:
    lines = (f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in told.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"
