"""A small BERT classifier with random weights, written without any library: equal on every machine.

Its figures mean nothing: it stands in for a model of its kind where only the way matters that it
takes. Formats: https://huggingface.co/docs/safetensors/index#format, and the parameters' names of
``BertForSequenceClassification`` in transformers.
"""

from __future__ import annotations

import array
import json
import math
import random
import sys
from collections.abc import Iterator
from pathlib import Path

HIDDEN, LAYERS, HEADS, INNER = 32, 2, 2, 64
VOCABULARY, LONGEST, TYPES = 30522, 512, 2
_SEED = 7
_DEVIATION = 0.5
_NAME = "model.safetensors"
Shape = tuple[int, ...]

CONFIG = {
    "architectures": ["BertForSequenceClassification"],
    "hidden_act": "gelu",
    "hidden_size": HIDDEN,
    "id2label": {"0": "LABEL_0"},
    "intermediate_size": INNER,
    "label2id": {"LABEL_0": 0},
    "layer_norm_eps": 1e-12,
    "max_position_embeddings": LONGEST,
    "model_type": "bert",
    "num_attention_heads": HEADS,
    "num_hidden_layers": LAYERS,
    "pad_token_id": 0,
    "type_vocab_size": TYPES,
    "vocab_size": VOCABULARY,
}
"""Its ``config.json``: one score for a pair of texts, as rerankers give it."""


def write(folder: Path) -> None:
    """Write ``config.json`` and ``model.safetensors``.

    Args:
        folder: Where; it is there.
    """
    (folder / "config.json").write_text(f"{json.dumps(CONFIG, indent=2)}\n", encoding="utf-8")
    shapes = dict(_shapes())
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, shape in shapes.items():
        start, end = end, end + 4 * math.prod(shape)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [start, end]}
    told = json.dumps(header).encode()
    told += b" " * (-len(told) % 8)
    # random() gives the same sequence in every version of Python; other distributions may not.
    values = random.Random(_SEED)  # noqa: S311
    with (folder / _NAME).open("wb") as file:
        file.write(len(told).to_bytes(8, "little") + told)
        for name, shape in shapes.items():
            file.write(_numbers(name, math.prod(shape), values))


def _shapes() -> Iterator[tuple[str, Shape]]:
    yield from _embeddings("bert.embeddings")
    for index in range(LAYERS):
        yield from _layer(f"bert.encoder.layer.{index}")
    yield from _dense("bert.pooler.dense", HIDDEN, HIDDEN)
    yield from _dense("classifier", HIDDEN, 1)


def _embeddings(name: str) -> Iterator[tuple[str, Shape]]:
    yield f"{name}.word_embeddings.weight", (VOCABULARY, HIDDEN)
    yield f"{name}.position_embeddings.weight", (LONGEST, HIDDEN)
    yield f"{name}.token_type_embeddings.weight", (TYPES, HIDDEN)
    yield from _norm(f"{name}.LayerNorm")


def _layer(name: str) -> Iterator[tuple[str, Shape]]:
    for part in ("query", "key", "value"):
        yield from _dense(f"{name}.attention.self.{part}", HIDDEN, HIDDEN)
    yield from _dense(f"{name}.attention.output.dense", HIDDEN, HIDDEN)
    yield from _norm(f"{name}.attention.output.LayerNorm")
    yield from _dense(f"{name}.intermediate.dense", HIDDEN, INNER)
    yield from _dense(f"{name}.output.dense", INNER, HIDDEN)
    yield from _norm(f"{name}.output.LayerNorm")


def _dense(name: str, takes: int, gives: int) -> Iterator[tuple[str, Shape]]:
    yield f"{name}.weight", (gives, takes)
    yield f"{name}.bias", (gives,)


def _norm(name: str) -> Iterator[tuple[str, Shape]]:
    yield f"{name}.weight", (HIDDEN,)
    yield f"{name}.bias", (HIDDEN,)


def _numbers(name: str, count: int, values: random.Random) -> bytes:
    if name.endswith("LayerNorm.weight"):
        numbers = array.array("f", [1.0]) * count
    elif name.endswith("bias"):
        numbers = array.array("f", [0.0]) * count
    else:
        width = _DEVIATION * math.sqrt(12)
        numbers = array.array("f", ((values.random() - 0.5) * width for _ in range(count)))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()
