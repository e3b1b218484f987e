"""Which models Text Embeddings Inference has an implementation of.

Sources: "Supported models and hardware" of its documentation, and ``Config`` in
backends/candle/src/lib.rs of huggingface/text-embeddings-inference.
"""

from __future__ import annotations

from typing import Final

from sagemaker_model.model_lock.locked_model import LockedModel

CPU_KINDS: Final = frozenset(
    {
        "bert",
        "camembert",
        "distilbert",
        "modernbert",
        "mpnet",
        "nomic_bert",
        "roberta",
        "xlm-roberta",
    }
)
"""What it runs without a GPU, as ``model_type`` names it."""

_GPU_KINDS = CPU_KINDS | {"gemma3_text", "mistral", "new", "qwen2", "qwen3"}
_CLASSIFIERS = frozenset(
    {"bert", "camembert", "distilbert", "modernbert", "new", "roberta", "xlm-roberta"}
)
_CLASSIFIES = "ForSequenceClassification"
_TOKENIZER = "tokenizer.json"


def tei_has(model: LockedModel) -> bool:
    """Say whether Text Embeddings Inference can serve a model: embed, or classify and rerank.

    Args:
        model: The model.
    """
    kinds = _CLASSIFIERS if classifies(model) else _GPU_KINDS
    paths = [file.path for file in model.files]
    return model.config.model_type in kinds and (not paths or _TOKENIZER in paths)


def classifies(model: LockedModel) -> bool:
    """Say whether a model gives classes or scores of a text, as rerankers do.

    Args:
        model: The model.
    """
    return any(name.endswith(_CLASSIFIES) for name in model.config.architectures)
