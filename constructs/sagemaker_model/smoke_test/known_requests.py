"""What a model answers, as far as its engine, its task or its handler tells.

Sources: "SageMaker" and "OpenAI-compatible server" of vLLM's documentation and its order of
request types; the OpenAPI documents of Text Generation Inference and Text Embeddings Inference;
"LMI input/output schema" of deepjavalibrary/djl-serving; pipelines of transformers
(https://huggingface.co/docs/transformers/main_classes/pipelines).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

Body: TypeAlias = Mapping[str, Any]

_QUESTION = "What is Amazon SageMaker?"
_TEXTS = ["A man is eating food.", "A monkey is playing drums."]
_FEW = 8
"""Tokens: a first answer may be slow, and its length proves nothing."""

_INPUTS: Body = {"inputs": _QUESTION, "parameters": {"max_new_tokens": _FEW}}
CHAT: Body = {"messages": [{"role": "user", "content": _QUESTION}], "max_tokens": _FEW}
"""What most language models take that follow instructions."""
_OF_CONTEXT: Body = {"inputs": {"question": _QUESTION, "context": _TEXTS[0]}}
_LABELS: Body = {"inputs": _TEXTS[0], "parameters": {"candidate_labels": ["food", "music"]}}
_PROMPT: Body = {"prompt": _QUESTION, "max_tokens": _FEW}
TEXT: Body = {"inputs": _TEXTS[0]}
"""What most pipelines take."""

_OF_VLLM = (
    _PROMPT,
    CHAT,
    {"input": _TEXTS},
    {"query": _QUESTION, "documents": _TEXTS},
)
# Their models answer with images and sound.
_OMNI = frozenset({"huggingface-vllm-omni", "vllm-omni"})
_REFUSED = ("refused",)


class Known(NamedTuple):
    """What is known of an engine.

    Args:
        requests: Of each kind of model that it serves, one of these is understood.
        tolerated: Kinds of outcomes and statuses by which it says that a request does not suit the
            model; none where it says so of a model that did not load, too.
    """

    requests: tuple[Body, ...]
    tolerated: tuple[str, ...] = _REFUSED


ENGINES: Mapping[str, Known] = {
    "vllm": Known(_OF_VLLM),
    "huggingface-vllm": Known(_OF_VLLM),
    "huggingface-vllm-neuron": Known(_OF_VLLM),
    "sglang": Known((CHAT,)),
    "huggingface-sglang": Known((CHAT,)),
    "llama-cpp": Known((CHAT,)),
    "tgi": Known((_INPUTS, CHAT)),
    "tgi-neuron": Known((_INPUTS, CHAT)),
    # LMI gives its status for failures to requests that it does not understand, too.
    "lmi": Known((_INPUTS, CHAT), (*_REFUSED, "424")),
    "lmi-tensorrtllm": Known((_INPUTS, CHAT), (*_REFUSED, "424")),
    "tei": Known(({"inputs": _TEXTS}, {"query": _QUESTION, "texts": _TEXTS})),
}
"""By the engine's name, as :mod:`sagemaker_model.engine` has it."""

TASKS: Mapping[str, Body] = {
    **dict.fromkeys(
        (
            "feature-extraction",
            "ner",
            "sentiment-analysis",
            "summarization",
            "text-classification",
            "token-classification",
        ),
        TEXT,
    ),
    **dict.fromkeys(("text-generation", "text2text-generation"), _INPUTS),
    "question-answering": _OF_CONTEXT,
    "zero-shot-classification": _LABELS,
}
"""By the task of a pipeline: those whose every model answers the same request."""

HANDLERS: Mapping[str, tuple[Body, ...]] = {
    "embeddings": ({"inputs": _TEXTS},),
    "embeddings_and_cross_encoder": (
        {"type": "embeddings", "input": _TEXTS},
        {"type": "cross-encoder", "input": _QUESTION, "passages": _TEXTS},
    ),
    "cross_encoder": ({"query": _QUESTION, "passages": _TEXTS},),
}
"""By the folder of a ready handler: of each of its models, one of these is understood."""

OF_TOOLKIT: tuple[Body, ...] = (
    *(request for handler in HANDLERS.values() for request in handler),
    TEXT,
    _OF_CONTEXT,
    _LABELS,
)
"""Where neither the task nor the handler is known: what handlers and pipelines of texts take."""


def requests_of(engine: str) -> tuple[Body, ...]:
    """Return requests of an engine, one of which each kind of its models understands.

    Args:
        engine: Name of the engine.
    """
    return OF_TOOLKIT if engine == "toolkit" else ENGINES[engine].requests


def known_of_engine(
    engine: str, family: str | None, environment: Mapping[str, str], *, of_the_hub: bool
) -> Known | None:
    """Return what a container answers; None where nobody can tell.

    Args:
        engine: Name of the engine.
        family: Family of the image.
        environment: The container's variables.
        of_the_hub: Whether all files are the Hub's. Among others may be code, which the toolkit
            runs instead of the pipeline.
    """
    if engine == "toolkit":
        return _of_task(environment) if of_the_hub else None
    return None if family in _OMNI else ENGINES.get(engine)


def known_of_handler(
    handler: str, model_ids: Sequence[str], environment: Mapping[str, str]
) -> Known | None:
    """Return what a ready handler answers; None where nobody can tell.

    Args:
        handler: Name of the handler's folder.
        model_ids: The models that it serves; where there are several, a request names one.
        environment: The container's variables.
    """
    if handler not in HANDLERS:
        return _of_task(environment)
    model = {"model": model_ids[0]} if len(model_ids) > 1 else {}
    return Known(tuple({**request, **model} for request in HANDLERS[handler]), tolerated=())


def _of_task(environment: Mapping[str, str]) -> Known | None:
    request = TASKS.get(environment.get("HF_TASK", ""))
    return Known((request,), tolerated=()) if request else None
