"""A code folder without an app, as the model that it would be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sagemaker_model.code_folder.image_contents import TESTED
from sagemaker_model.image.table import find_image
from sagemaker_model.preflight.values import pseudo_parameters
from sagemaker_model.serve.app_model import ANY_REGION, AppModel, with_weights
from sagemaker_model.weights.hub_model import HubModel, check_can_be_staged

_FAMILY = "huggingface"


def code_model(
    code: Path, *, model_ids: Sequence[str], weights: str | None, region: str | None = None
) -> AppModel:
    """Return the model that a code folder is with a model's files, in the library's own image.

    Args:
        code: The folder.
        model_ids: Models of the Hub, as ``org/name`` or ``org/name@revision``.
        weights: Where the files are instead; None for the Hub.
        region: Region whose registry has the image. Default: nobody said it.

    Raises:
        ValueError: Neither is given, or both; or an id is none.
    """
    if bool(model_ids) == (weights is not None):
        raise ValueError(
            "a code folder is served with a model's files; give either --model-id org/name or "
            "--weights, a folder or s3://…"
        )
    check_can_be_staged(tuple(map(HubModel.parse, model_ids)))
    model = AppModel(
        path="/".join(code.resolve().parts[-2:]),
        region=region,
        image=_image(region or ANY_REGION),
        staging={"MODEL_ID": ",".join(model_ids)} if model_ids else None,
        folders={"code": code.absolute()},
    )
    return with_weights(model, weights)


def _image(region: str) -> str:
    image = find_image(_FAMILY, TESTED, "cpu")
    if region not in image.accounts:
        raise ValueError(
            f"{image.name} is in no registry of {region}; name another Region with --region"
        )
    suffix = pseudo_parameters("", region)["AWS::URLSuffix"]
    return f"{image.accounts[region]}.dkr.ecr.{region}.{suffix}/{image.name}"
