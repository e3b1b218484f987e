"""Which tasks each engine serves behind SageMaker's one path for requests."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

WRITING: Final = frozenset(
    {
        "any-to-any",
        "audio-text-to-text",
        "conversational",
        "image-text-to-text",
        "image-to-text",
        "summarization",
        "text-generation",
        "text2text-generation",
        "translation",
        "video-text-to-text",
        "visual-question-answering",
    }
)
"""Tasks whose answer is written token by token, as the Hub names them (``pipeline_tag``)."""

EMBEDDING: Final = frozenset(
    {
        "feature-extraction",
        "fill-mask",
        "image-feature-extraction",
        "sentence-similarity",
        "text-classification",
        "text-ranking",
        "token-classification",
        "visual-document-retrieval",
        "zero-shot-classification",
    }
)
"""Tasks whose answer is a vector, a score or a class."""

SERVED_TASKS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "tgi": WRITING,
        "tei": EMBEDDING,
        "sglang": WRITING,
        "huggingface-sglang": WRITING,
        "vllm": WRITING | EMBEDDING,
        "huggingface-vllm": WRITING | EMBEDDING,
        "lmi": WRITING | EMBEDDING,
        "llama-cpp": WRITING | EMBEDDING,
    }
)
"""By the engine's name; the Hugging Face toolkit serves every task of transformers.

Sources: the READMEs of text-generation-inference and text-embeddings-inference, and what the
entrypoints in aws/deep-learning-containers hand ``/invocations`` on to: chat completions alone with
SGLang; chat, completions, embeddings, classes and scores with vLLM.
"""

ENCODER_DECODER: Final = (
    "BartFor",
    "BlenderbotFor",
    "BlenderbotSmallFor",
    "LEDFor",
    "LongT5For",
    "M2M100For",
    "MBartFor",
    "MT5For",
    "MarianMT",
    "MvpFor",
    "NllbMoeFor",
    "PegasusFor",
    "PegasusXFor",
    "ProphetNetFor",
    "SwitchTransformersFor",
    "T5For",
    "T5WithLMHead",
    "UMT5For",
)
"""How the names of text models with an encoder begin, which vLLM has not served since 0.11.

Source: ``_PREVIOUSLY_SUPPORTED_MODELS`` in vLLM's registry of models. SGLang never had them.
"""


def better_image(task: str | None) -> str:
    """Name the image that serves a task.

    Args:
        task: The Hub's ``pipeline_tag``.

    >>> better_image("sentence-similarity")
    'ContainerImages.TEI_LATEST'
    """
    if task in WRITING:
        return "ContainerImages.HF_VLLM_LATEST"
    if task in EMBEDDING - {"fill-mask", "token-classification"}:
        return "ContainerImages.TEI_LATEST"
    return "ContainerImages.HF_PYTORCH_INFERENCE_LATEST"
