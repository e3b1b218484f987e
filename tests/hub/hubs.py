"""Models for a Hub on this machine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from sagemaker_model.local.hub.server import Hub

MODEL = "org/tiny"
TOKEN = "hf_" + "SecretOfATest" * 2
CONFIG = {"architectures": ["BertModel"], "model_type": "bert", "num_hidden_layers": 2}
CARD = "---\nlicense: apache-2.0\npipeline_tag: feature-extraction\ntags:\n- bert\n---\n# Tiny\n"
TENSORS = {"a": ("F32", [2, 3]), "b": ("BF16", [4]), "c": ("F32", [])}


def put_model(hub: Hub, contents: Mapping[str, bytes] | None = None, model_id: str = MODEL) -> None:
    """Put a small model on a Hub."""
    files = {
        "README.md": CARD.encode(),
        "config.json": json.dumps(CONFIG).encode(),
        "model.safetensors": safetensors(),
        "tokenizer_config.json": b'{"chat_template": "{{ messages }}", "model_max_length": 512}',
    }
    for name, content in {**files, **(contents or {})}.items():
        path = hub.repositories.root / model_id / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def safetensors(padding: int = 0) -> bytes:
    """Return a file with TENSORS, whose head is longer by *padding*."""
    told = {
        name: {"dtype": dtype, "shape": shape, "data_offsets": [0, 0]}
        for name, (dtype, shape) in TENSORS.items()
    }
    head = json.dumps({"__metadata__": {"format": "pt"}, **told}).encode() + b" " * padding
    return len(head).to_bytes(8, "little") + head + bytes(100)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
