"""Scores that tell how well passages answer a query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import AutoModelForSequenceClassification

from encoders.activation import activation
from encoders.encoder import Encoder
from encoders.inputs import check_fields, read_flag, read_text, read_texts
from encoders.models import choose_model, is_classifier, read_json
from encoders.settings import Settings

CROSS_ENCODER = "cross-encoder"
"""What ``type`` may be."""
FIELDS = ("query", "inputs", "input", "passages", "model", "raw_scores", "type")

Scores = list[float] | list[list[float]]


class CrossEncoder:
    """A model that reads a query and a passage together, and scores them.

    Args:
        folder: The model's files.
        settings: How it runs.

    Raises:
        ValueError: The model has no head that gives scores.
    """

    def __init__(self, folder: Path, settings: Settings) -> None:
        if not is_classifier(folder):
            raise ValueError(
                f"{folder.name!r} is no cross-encoder: architectures in its config.json names no "
                "…ForSequenceClassification, so its scores would come from random weights; "
                "deploy a reranker"
            )
        self._encoder = Encoder(folder, AutoModelForSequenceClassification, settings)
        self._activation = _activation(folder)

    def score(self, query: str, passages: Sequence[str], *, raw: bool = False) -> Scores:
        """Return the score of each passage, in the same order; for several labels, one each.

        Args:
            query: The query.
            passages: The passages.
            raw: Whether to leave out the model's activation. Default: False.
        """
        tokens = self._encoder.tokenize([query] * len(passages), passages)

        def finish(output: Any, _: torch.Tensor) -> torch.Tensor:
            logits: torch.Tensor = output.logits.float()
            if not raw:
                logits = (self._activation or _default(logits))(logits)
            return logits

        rows = self._encoder.run(tokens, finish)
        scores: Scores = (rows.squeeze(1) if rows.shape[1] == 1 else rows).tolist()
        return scores


def rerank(data: object, cross_encoders: Mapping[str, CrossEncoder]) -> Scores:
    """Answer a request with a score for each passage.

    Args:
        data: ``query``: a string; ``passages``: a list of them; ``model``: which one, where there
            are several; ``raw_scores``: whether to leave out the model's activation (default:
            false).
        cross_encoders: The models, by name.

    Raises:
        TypeError: A field holds something of another kind.
        ValueError: The request is not understood.
    """
    request = check_fields(data, FIELDS)
    if request.get("type", CROSS_ENCODER) != CROSS_ENCODER:
        raise ValueError(f"type {request['type']!r} is not understood; give {CROSS_ENCODER!r}")
    model = choose_model(cross_encoders, request.get("model"))
    query = read_text(request, "query", "inputs", "input")
    passages = read_texts(request, "passages")
    return model.score(query, passages, raw=read_flag(request, "raw_scores"))


def _activation(folder: Path) -> nn.Module | None:
    """Return what the model's files say is done to its logits; None where they don't."""
    config = read_json(folder / "config.json")
    # Each release of sentence-transformers (5.4, 4.0, older) has written it elsewhere.
    path = (
        read_json(folder / "config_sentence_transformers.json").get("activation_fn")
        or (config.get("sentence_transformers") or {}).get("activation_fn")
        or config.get("sbert_ce_default_activation_function")
    )
    return activation(path) if path else None


def _default(logits: torch.Tensor) -> nn.Module:
    return nn.Sigmoid() if logits.shape[1] == 1 else nn.Identity()
