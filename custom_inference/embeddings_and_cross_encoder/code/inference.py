"""Embeddings and reranking on one endpoint: the functions that the Hugging Face toolkit calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from encoders import embeddings
from encoders.cross_encoder import CROSS_ENCODER, CrossEncoder, rerank
from encoders.embeddings import SentenceEmbedder, embed
from encoders.models import find_models, is_classifier
from encoders.settings import read_settings

TYPES = (*embeddings.TYPES, CROSS_ENCODER)


@dataclass(frozen=True)
class Models:
    """The models of the endpoint, by name; a model's own configuration tells its kind.

    Args:
        embedders: Those that make embeddings.
        cross_encoders: Those that score passages.
    """

    embedders: dict[str, SentenceEmbedder]
    cross_encoders: dict[str, CrossEncoder]


def model_fn(model_dir: str, context: object = None) -> Models:
    """Load every model, once in each worker.

    Args:
        model_dir: Where the models lie.
        context: What the server tells the worker, its GPU among it. Default: None, the first GPU
            where there is one.
    """
    settings = read_settings(context)
    folders = find_models(model_dir)
    scoring = {name for name, folder in folders.items() if is_classifier(folder)}
    return Models(
        {n: SentenceEmbedder(f, settings) for n, f in folders.items() if n not in scoring},
        {n: CrossEncoder(f, settings) for n, f in folders.items() if n in scoring},
    )


def predict_fn(data: object, model: Models) -> list[Any]:
    """Answer a request; its ``type`` says with what.

    Args:
        data: The decoded body: ``type`` (``embeddings``, ``query``, ``passage`` or
            ``cross-encoder``), and the fields of that type.
        model: What :func:`model_fn` returned.

    Raises:
        TypeError: A field holds something of another kind.
        ValueError: The request is not understood.
    """
    kind = data.get("type") if isinstance(data, dict) else None
    if kind not in TYPES:
        raise ValueError(f"'type' is {kind!r}; give one of {', '.join(TYPES)}")
    models = model.cross_encoders if kind == CROSS_ENCODER else model.embedders
    if not models:
        raise ValueError(f"this endpoint has no model for type {kind!r}; deploy one with it")
    return (
        rerank(data, model.cross_encoders)
        if kind == CROSS_ENCODER
        else embed(data, model.embedders)
    )
