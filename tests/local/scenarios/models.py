"""Small models on the Hub, and inference code that tells what it serves."""

from __future__ import annotations

import json
import random
from hashlib import sha256
from pathlib import Path
from typing import Any

from sagemaker_model.local.hub.server import Hub

WEIGHTS = 300_000
CODE = """
import hashlib
import os
from pathlib import Path

CODE = "{code}"


def model_fn(model_dir):
    files = sorted(Path(model_dir).rglob("*.safetensors"))
    return [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]


def predict_fn(data, model):
    return {{"code": CODE, "word": os.environ.get("WORD"), "weights": model}}
"""


def publish(hub: Hub, model_id: str, seed: int) -> tuple[str, str]:
    """Put a small model on the Hub, as the newest commit of its main branch.

    Returns:
        Its commit, and the SHA-256 of its weights.
    """
    folder = hub.repositories.root / model_id
    folder.mkdir(parents=True, exist_ok=True)
    weights = random.Random(seed).randbytes(WEIGHTS)
    (folder / "config.json").write_text(json.dumps({"architectures": ["BertModel"]}))
    (folder / "tokenizer.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(weights)
    return hub.repositories.keep(model_id), sha256(weights).hexdigest()


def write_code(project: Path, name: str, code: str = "one", *, broken: bool = False) -> str:
    """Write inference code into a folder of a project, and return the folder's path there.

    Args:
        project: The project's folder.
        name: Name of the folder.
        code: What the code tells of itself.
        broken: Whether it raises when the model is loaded.
    """
    folder = project / "code" / name
    folder.mkdir(parents=True, exist_ok=True)
    text = CODE.format(code=code)
    if broken:
        text = text.replace("    files =", '    raise RuntimeError("no such layer")\n    files =')
    (folder / "inference.py").write_text(text, encoding="utf-8")
    return f"code/{name}"


def entry(name: str, model_id: str | list[str], code_folder: str, **more: Any) -> dict[str, Any]:
    """Return how the context of the repository's app tells of one model."""
    return {
        "name": name,
        "model_id": model_id,
        "instance_type": "ml.m5.xlarge",
        "code_folder": code_folder,
        **more,
    }


def weight_requests(hub: Hub, model: str) -> list[str]:
    """Return the requests for bytes of weights since the Hub's faults were set.

    Args:
        hub: The Hub.
        model: Id of the model, or a commit that is not its newest.
    """
    return [
        each
        for each in hub.requests
        if each.startswith("GET /_signed/") and model in each and "safetensors" in each
    ]
