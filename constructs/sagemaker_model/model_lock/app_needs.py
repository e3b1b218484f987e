"""What an app needs locked: from its context, or from what it was synthesized to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sagemaker_model.model_lock.needs import METADATA, LockNeeds
from sagemaker_model.weights.hub_model import HubModel

if TYPE_CHECKING:
    from constructs import Construct

_STAGE = "cdk:cloud-assembly"


def read_context(cdk_json: Path) -> Mapping[str, object]:
    """Return the context of a ``cdk.json``; an empty one where there is no such file.

    Args:
        cdk_json: The file.

    Raises:
        ValueError: It is no JSON, or its context is no object.
    """
    if not cdk_json.is_file():
        return {}
    try:
        context = json.loads(cdk_json.read_text(encoding="utf-8")).get("context", {})
    except (ValueError, AttributeError, RecursionError) as error:
        raise ValueError(f"{cdk_json} can't be read: {error}") from error
    if not isinstance(context, Mapping):
        raise ValueError(f"context of {cdk_json} must be an object, got {context!r}")  # noqa: TRY004
    return cast("Mapping[str, object]", context)


def needs_of_context(context: Mapping[str, object]) -> LockNeeds:
    """Return what the models that a context describes need, as ``app.py`` reads them.

    Args:
        context: The context of ``cdk.json``.

    Raises:
        ValueError: It describes no model, or one that can't be right.
    """
    from sagemaker_model.context import read_models

    return _joined(each.deployment().lock_needs for each in read_models(context.get))


def needs_of_assembly(assembly: Path) -> LockNeeds:
    """Return what the constructs of a synthesized app need, its stages' among them.

    Args:
        assembly: Folder that ``cdk synth`` wrote.

    Raises:
        FileNotFoundError: There is no assembly in that folder.
        ValueError: It is none that can be read.
    """
    try:
        return _joined(_needs(entry) for entry in _metadata(assembly))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{assembly} is no synthesized app that can be read: {error!r}") from error


def needs_of_tree(app: Construct) -> LockNeeds:
    """Return what the constructs of an app need that is not synthesized yet.

    Args:
        app: The root of its tree.
    """
    entries = (entry for each in app.node.find_all() for entry in each.node.metadata)
    return _joined(_needs({"type": entry.type, "data": entry.data}) for entry in entries)


def _metadata(assembly: Path) -> Iterator[Mapping[str, Any]]:
    """Return the metadata of all constructs; newer versions of the CDK have it in own files."""
    manifest = assembly / "manifest.json"
    if not manifest.is_file():
        raise FileNotFoundError(
            f"no synthesized app in {assembly}; run cdk synth --output {assembly} first"
        )
    for artifact in json.loads(manifest.read_text(encoding="utf-8"))["artifacts"].values():
        if artifact["type"] == _STAGE:
            yield from _metadata(assembly / artifact["properties"]["directoryName"])
        of_constructs = artifact.get("metadata", {})
        if "additionalMetadataFile" in artifact:
            file = assembly / artifact["additionalMetadataFile"]
            of_constructs = {**of_constructs, **json.loads(file.read_text(encoding="utf-8"))}
        for entries in of_constructs.values():
            yield from entries


def _needs(entry: Mapping[str, Any]) -> LockNeeds:
    if entry["type"] != METADATA:
        return LockNeeds()
    told = entry["data"]
    return LockNeeds(
        models=tuple(HubModel.parse(each) for each in told["models"]),
        images=tuple(told["images"]),
        instances=tuple(told["instances"]),
    )


def _joined(needs: Iterable[LockNeeds]) -> LockNeeds:
    all_needs = list(needs)
    return LockNeeds(
        models=tuple(dict.fromkeys(model for each in all_needs for model in each.models)),
        images=tuple(dict.fromkeys(image for each in all_needs for image in each.images)),
        instances=tuple(dict.fromkeys(key for each in all_needs for key in each.instances)),
    )
