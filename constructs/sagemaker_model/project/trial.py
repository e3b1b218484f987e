"""Synthesize what is to be written, before anybody has it."""

from __future__ import annotations

import json
import re
import runpy
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sagemaker_model.model_lock.app_needs import needs_of_tree
from sagemaker_model.model_lock.given import LOCK_KEY
from sagemaker_model.model_lock.lock import FILE_NAME, ModelLock
from sagemaker_model.model_lock.lock_file import write_lock
from sagemaker_model.model_lock.locked_model import LockedModel
from sagemaker_model.model_lock.update import Renewal, Sources, updated
from sagemaker_model.project.folder import write_files
from sagemaker_model.project.starter import Files
from sagemaker_model.weights.hub_model import HubModel

if TYPE_CHECKING:
    from aws_cdk import App

_QUIET = dict.fromkeys(
    ("@aws-cdk/core:annotationsInValidationReport", "@aws-cdk/core:validateAgainstDefaultRules"),
    False,
)
"""Flags that have CDK print warnings, which the app itself will, once it is written."""
_FINDING = re.compile(r"^\s*\[[^\]]+\] (?P<finding>.+)$", re.MULTILINE)


def with_lock(files: Files, model: LockedModel | None) -> Files:
    """Return an app's files with its lock file.

    The app is synthesized with it, to see that it has no errors.

    Args:
        files: The app's files.
        model: What the Hub says of its model; None where it has none.

    Raises:
        ValueError: Something in the app is an error; the message tells what.
    """
    with TemporaryDirectory() as made, chdir(made):
        write_files(Path(), files)
        needs = needs_of_tree(_build(lock="", outdir=made))
        lock = write_lock(updated(ModelLock(), needs, _sources(model), Renewal()))
        Path(FILE_NAME).write_text(lock, encoding="utf-8")
        _synthesize(_build(lock=FILE_NAME, outdir=made))
    return {**files, FILE_NAME: lock}


def _sources(model: LockedModel | None) -> Sources:
    from sagemaker_model.image.lock_key import lock_image
    from sagemaker_model.instance.hardware import choose_again

    def ask(asked: HubModel) -> LockedModel:
        if model is None:
            raise ValueError(f"{asked} is not known")
        return model

    return Sources(model=ask, image=lock_image, instance=choose_again)


def _build(*, lock: str, outdir: str) -> App:
    """Return the app of the current folder with its constructs."""
    from aws_cdk import App

    context = json.loads(Path("cdk.json").read_text(encoding="utf-8"))["context"]
    app = App(context={**context, LOCK_KEY: lock, **_QUIET}, outdir=f"{outdir}/cdk.out")
    runpy.run_path(str(Path("app.py").absolute()))["build"](app)
    return app


def _synthesize(app: App) -> None:
    try:
        app.synth()
    except RuntimeError as error:
        found = _FINDING.findall(str(error)) or [str(error)]
        raise ValueError("; ".join(found)) from None
