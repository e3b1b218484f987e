"""What a lock is to be, and how that differs from what it is: pure data in, pure data out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from sagemaker_model.model_lock.lock import ModelLock
from sagemaker_model.model_lock.locked_image import LockedImage
from sagemaker_model.model_lock.locked_model import LockedModel
from sagemaker_model.model_lock.needs import LockNeeds
from sagemaker_model.weights.hub_model import HubModel

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where what is not locked yet is looked up.

    Args:
        model: Asks the Hub about a model.
        image: Says what a name of an image stands for with this version of the library.
        instance: Says which instance type it chooses for what is asked for.
    """

    model: Callable[[HubModel], LockedModel]
    image: Callable[[str], LockedImage]
    instance: Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """What is looked up although it is locked.

    Args:
        models: Models that are asked for anew. Default: none.
        choices: Whether the library chooses images and instance types anew. Default: no.
    """

    models: tuple[HubModel, ...] = ()
    choices: bool = False


def updated(lock: ModelLock, needs: LockNeeds, sources: Sources, renewal: Renewal) -> ModelLock:
    """Return a lock that holds all that is needed; what it holds already stays as it is.

    Args:
        lock: The lock so far.
        needs: What it is to hold.
        sources: Where the rest is looked up.
        renewal: What is looked up in any case.
    """
    models, images, instances = dict(lock.models), dict(lock.images), dict(lock.instances)
    for asked in needs.models:
        if lock.model(asked) is None or asked in renewal.models:
            models[str(asked)] = sources.model(asked)
    for key in needs.images:
        if key not in images or renewal.choices:
            images[key] = sources.image(key)
    for key in needs.instances:
        if key not in instances or renewal.choices:
            instances[key] = sources.instance(key)
    return ModelLock(models=models, images=images, instances=instances)


def pruned(lock: ModelLock, needs: LockNeeds) -> ModelLock:
    """Return a lock without what nothing needs.

    Args:
        lock: The lock.
        needs: What the app needs.
    """
    used = [lock.model(asked) for asked in needs.models]
    return ModelLock(
        models={asked: model for asked, model in lock.models.items() if model in used},
        images={key: image for key, image in lock.images.items() if key in needs.images},
        instances={key: name for key, name in lock.instances.items() if key in needs.instances},
    )


def unfulfilled(lock: ModelLock, needs: LockNeeds) -> list[str]:
    """Return what a lock lacks, a line for each model and image.

    Args:
        lock: The lock.
        needs: What it is to hold.
    """
    return [f"missing  {each}" for each in needs.missing_in(lock).names]


def differences(old: ModelLock, new: ModelLock) -> list[str]:
    """Return what differs between two locks, a line for each model and image.

    Args:
        old: The lock before.
        new: The lock after.
    """
    return [
        *_lines(old.images, new.images, _image_facts),
        *_lines(old.instances, new.instances, lambda name: {"instance type": name}),
        *_lines(old.models, new.models, _model_facts),
    ]


def _lines(
    old: Mapping[str, T], new: Mapping[str, T], facts: Callable[[T], Mapping[str, object]]
) -> Iterator[str]:
    for key in sorted({*old, *new}):
        if key not in new:
            yield f"removed  {key}"
        elif key not in old:
            told = (str(value) for value in facts(new[key]).values() if value is not None)
            yield f"added    {key}  {', '.join(told)}"
        elif old[key] != new[key]:
            yield f"changed  {key}  {_changes(facts(old[key]), facts(new[key]))}"


def _changes(old: Mapping[str, object], new: Mapping[str, object]) -> str:
    changes = (f"{name} {old[name]} → {new[name]}" for name in new if old[name] != new[name])
    return ", ".join(changes) or "other facts"


def _image_facts(image: LockedImage) -> Mapping[str, object]:
    return {"image": image.image, "CUDA": image.cuda, "host image": image.ami}


def _model_facts(model: LockedModel) -> Mapping[str, object]:
    return {
        "commit": model.commit,
        "licence": model.licence,
        "gated": "gated" if model.gated else None,
        "files": f"{len(model.files)} files",
    }
