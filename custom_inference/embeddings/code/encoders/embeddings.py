"""Sentence embeddings, made as a model's own sentence-transformers files say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
import transformers

from encoders.encoder import Encoder
from encoders.inputs import check_fields, read_text, read_texts
from encoders.layers import load_layers
from encoders.models import choose_model, read_json
from encoders.pooling import pool
from encoders.sentence_files import SentenceFiles, read_sentence_files
from encoders.settings import Settings

FIELDS = ("inputs", "input", "model", "type", "prompt", "prompt_name")
# Only the encoder of these makes embeddings.
_ENCODERS = {
    "t5": "T5EncoderModel",
    "mt5": "MT5EncoderModel",
    "umt5": "UMT5EncoderModel",
    "longt5": "LongT5EncoderModel",
}
# Names that models give the prompt for each side of a search.
_SIDES = {"query": ("query",), "passage": ("document", "passage", "corpus")}
TYPES = ("embeddings", *_SIDES)
"""What ``type`` may be."""


class SentenceEmbedder:
    """A model that turns texts into vectors.

    Args:
        folder: The model's files.
        settings: How it runs.

    Raises:
        ValueError: The files ask for what is unknown here.
    """

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.files = read_sentence_files(folder)
        kind = read_json(self.files.transformer / "config.json").get("model_type", "")
        self._encoder = Encoder(
            self.files.transformer,
            getattr(transformers, _ENCODERS.get(kind, "AutoModel")),
            settings,
            self.files.max_length,
        )
        self._layers = load_layers(self.files.layers).to(settings.device)

    def encode(self, texts: Sequence[str], prompt: str = "") -> list[list[float]]:
        """Return the vector of each text, in the same order.

        Args:
            texts: The texts.
            prompt: What is put before each. Default: nothing.
        """
        whole = [prompt + text for text in texts]
        if self.files.lower_case:
            whole = [text.lower() for text in whole]
        skipped = self._tokens_of(prompt)

        def finish(output: Any, mask: torch.Tensor) -> torch.Tensor:
            counted = mask * (mask.cumsum(dim=1) > skipped) if skipped else mask
            vectors: torch.Tensor = self._layers(
                pool(output[0].float(), counted, self.files.pooling)
            )
            return vectors

        vectors: list[list[float]] = self._encoder.run(
            self._encoder.tokenize(whole), finish
        ).tolist()
        return vectors

    def _tokens_of(self, prompt: str) -> int:
        """Return how many tokens at the beginning are not pooled."""
        if not prompt or self.files.include_prompt:
            return 0
        return self._encoder.length_without_end(prompt)


def embed(data: object, embedders: Mapping[str, SentenceEmbedder]) -> list[list[float]]:
    """Answer a request with a vector for each text.

    Args:
        data: ``inputs``: a string or a list of them; ``model``: which one, where there are
            several; and at most one of ``type`` (``query`` or ``passage``), ``prompt_name`` and
            ``prompt``, for models that want a text before each. Default: the model's own default.
        embedders: The models, by name.

    Raises:
        TypeError: A field holds something of another kind.
        ValueError: The request is not understood.
    """
    request = check_fields(data, FIELDS)
    embedder = choose_model(embedders, request.get("model"))
    texts = read_texts(request, "inputs", "input")
    return embedder.encode(texts, choose_prompt(embedder.files, request))


def choose_prompt(files: SentenceFiles, request: dict[str, Any]) -> str:
    """Return what a request wants to be put before its texts; often nothing.

    Args:
        files: What the model's files say.
        request: The request.

    Raises:
        ValueError: The request names a prompt that the model has not, or more than one way.
    """
    side = _side(request)
    given = [name for name in ("prompt", "prompt_name") if name in request]
    if len(given) + bool(side) > 1:
        raise ValueError("'type', 'prompt_name' and 'prompt' each choose a prompt; give one")
    if "prompt" in given:
        return read_text(request, "prompt")
    if "prompt_name" in given:
        return _named(files, request["prompt_name"])
    names = [name for name in _SIDES.get(side, ()) if name in files.prompts]
    return files.prompts.get(names[0] if names else files.default_prompt or "") or ""


def _side(request: dict[str, Any]) -> str:
    kind = request.get("type", TYPES[0])
    if kind not in TYPES:
        raise ValueError(f"type {kind!r} is not understood; give one of {', '.join(TYPES)}")
    return kind if kind in _SIDES else ""


def _named(files: SentenceFiles, name: object) -> str:
    if name not in files.prompts:
        known = ", ".join(sorted(files.prompts)) or "none"
        raise ValueError(
            f"the model has no prompt {name!r} (it has {known}); name another, or give 'prompt'"
        )
    return files.prompts[str(name)] or ""
