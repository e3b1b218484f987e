"""Reranking on an endpoint: the functions that the Hugging Face toolkit calls."""

from __future__ import annotations

from encoders.cross_encoder import CrossEncoder, Scores, rerank
from encoders.models import find_models
from encoders.settings import read_settings


def model_fn(model_dir: str, context: object = None) -> dict[str, CrossEncoder]:
    """Load every model, once in each worker.

    Args:
        model_dir: Where the models lie.
        context: What the server tells the worker, its GPU among it. Default: None, the first GPU
            where there is one.
    """
    settings = read_settings(context)
    models = find_models(model_dir)
    return {name: CrossEncoder(folder, settings) for name, folder in models.items()}


def predict_fn(data: object, model: dict[str, CrossEncoder]) -> Scores:
    """Answer a request.

    Args:
        data: The decoded body.
        model: What :func:`model_fn` returned.
    """
    return rerank(data, model)
