"""Examples of the repository, each in a stage of its own; the context names them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

from aws_cdk import App, Stage


def load(path: Path) -> ModuleType:
    """Import an example's file."""
    spec = importlib.util.spec_from_file_location(path.parent.name, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


app = App()
for name in app.node.get_context("examples"):
    example = load(Path(app.node.get_context("folder")) / name / "app.py")
    example.build(Stage(app, name.replace("_", "-")))
app.synth()
