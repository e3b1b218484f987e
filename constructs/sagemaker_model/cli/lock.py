"""``lock``: fix which commits and images an app deploys, and write down what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from sagemaker_model.cli.console import AsJson, err, out, print_json
from sagemaker_model.model_lock.app_needs import (
    needs_of_assembly,
    needs_of_context,
    read_context,
)
from sagemaker_model.model_lock.given import LOCK_KEY
from sagemaker_model.model_lock.lock import FILE_NAME, ModelLock
from sagemaker_model.model_lock.lock_file import read_lock, write_lock
from sagemaker_model.model_lock.locked_image import LockedImage
from sagemaker_model.model_lock.locked_model import LockedModel
from sagemaker_model.model_lock.needs import LockNeeds
from sagemaker_model.model_lock.update import (
    Renewal,
    Sources,
    differences,
    pruned,
    unfulfilled,
    updated,
)
from sagemaker_model.weights.hub_model import HubModel, check_can_be_staged

_MODELS = ("models", "model_id")  # context keys that describe an app's models
_CDK_JSON = Path("cdk.json")


def lock(
    models: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="MODEL_ID[@REVISION]",
            help="Models to lock, or to lock anew. Default: those of the app.",
            show_default=False,
        ),
    ] = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail where something would change.")
    ] = False,
    upgrade: Annotated[
        bool,
        typer.Option(
            "--upgrade",
            help="Choose images and instance types anew, and move models to where their branch is.",
        ),
    ] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask the Hub nothing; models stay as they are.")
    ] = False,
    file: Annotated[
        Path | None,
        typer.Option(help=f"The lock file. Default: as cdk.json says, else {FILE_NAME}."),
    ] = None,
    assembly: Annotated[
        Path | None,
        typer.Option(help="Folder that cdk synth wrote. Default: the models of cdk.json."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write models.lock.json: which commits and images are deployed, and what is known of them.

    For example:

        sagemaker-model lock Qwen/Qwen2.5-7B-Instruct

        sagemaker-model lock --assembly cdk.out --check
    """
    context = read_context(_CDK_JSON)
    path = file or Path(str(context.get(LOCK_KEY) or FILE_NAME))
    old = read_lock(path) if path.exists() else ModelLock()
    named = _parse(models or [])
    needs = LockNeeds(models=named) if named else _needs_of_app(assembly, context)
    kept = old if named else pruned(old, needs)
    if check and not upgrade:
        lines = [*differences(old, kept), *unfulfilled(kept, needs)]
        _end_if_stale(path, lines, as_json=as_json)
        return
    anew = named or tuple(each for each in needs.models if upgrade and not each.pinned)
    if named and upgrade:
        needs = replace(needs, images=tuple(old.images), instances=tuple(old.instances))
    renewal = Renewal(models=() if offline else anew, choices=upgrade)
    sources = Sources(model=_hub(offline=offline), image=_image, instance=_instance)
    new = updated(kept, needs, sources, renewal)
    lines = differences(old, new)
    if check:
        _end_if_stale(path, lines, as_json=as_json)
        return
    written = _write(path, new)
    _tell(path, lines, as_json=as_json)
    err.print(f"{path} {'written' if written else 'is as it should be'}")
    if written and LOCK_KEY not in context:
        err.print(f'give it to the app: "{LOCK_KEY}": "{path}" in the context of {_CDK_JSON}')


def _parse(models: Sequence[str]) -> tuple[HubModel, ...]:
    named = tuple(HubModel.parse(each) for each in models)
    for each in named:
        check_can_be_staged((each,))
    return named


def _needs_of_app(assembly: Path | None, context: Mapping[str, object]) -> LockNeeds:
    if assembly is not None:
        return needs_of_assembly(assembly)
    if not any(key in context for key in _MODELS):
        raise ValueError(
            f"{_CDK_JSON} describes no model; name the models (sagemaker-model lock org/name), or "
            "run cdk synth, and give the folder that it wrote: --assembly cdk.out"
        )
    return needs_of_context(context)


def _hub(*, offline: bool) -> Callable[[HubModel], LockedModel]:
    """Return what asks the Hub; its packages are needed only where it is asked."""

    def ask(model: HubModel) -> LockedModel:
        from sagemaker_model.hub.client import HubClient

        # Without the flag it is as HF_HUB_OFFLINE says.
        with err.status(f"asking the Hub for {model}"):
            return HubClient(offline=offline or None).lock(model)

    return ask


def _image(key: str) -> LockedImage:
    from sagemaker_model.image.lock_key import lock_image

    return lock_image(key)


def _instance(key: str) -> str:
    from sagemaker_model.instance.hardware import choose_again

    return choose_again(key)


def _end_if_stale(path: Path, lines: Sequence[str], *, as_json: bool) -> None:
    _tell(path, lines, as_json=as_json)
    if lines:
        raise RuntimeError(f"{path} is not what the app needs; write it with sagemaker-model lock")
    err.print(f"{path} holds all that the app needs")


def _tell(path: Path, lines: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        print_json({"file": str(path), "changes": [*lines]})
        return
    for line in lines:
        out.print(line, markup=False)


def _write(path: Path, lock: ModelLock) -> bool:
    """Write the file, and return whether anything in it changed."""
    text = write_lock(lock)
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    path.write_text(text, encoding="utf-8")
    return True
