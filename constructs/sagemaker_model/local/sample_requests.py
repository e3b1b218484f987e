"""A request that a container should answer, made of what shows of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sagemaker_model.local.serving.choose import ENGINES, TOOLKIT, repository
from sagemaker_model.local.serving.container import ContainerDefinition

_QUESTION = "What is Amazon SageMaker?"
_TEXTS = ["A man is eating food.", "A monkey is playing drums."]
_CHAT = {"messages": [{"role": "user", "content": _QUESTION}], "max_tokens": 32}
_GENERATE = {"inputs": _QUESTION, "parameters": {"max_new_tokens": 32}}

# Inputs of the pipelines that take text:
# https://huggingface.co/docs/transformers/main_classes/pipelines
_TASKS: Mapping[str, Mapping[str, Any]] = {
    "question-answering": {"inputs": {"question": _QUESTION, "context": _TEXTS[0]}},
    "table-question-answering": {"inputs": {"query": "how many", "table": {"number": ["1"]}}},
    "zero-shot-classification": {
        "inputs": _TEXTS[0],
        "parameters": {"candidate_labels": ["food", "music"]},
    },
    "fill-mask": {"inputs": "Paris is the [MASK] of France."},
}
# What a handler of the user's own takes, nobody knows: these are what the library's own take.
_OWN_CODE = (
    {"inputs": _TEXTS},
    {"type": "embeddings", "input": _TEXTS},
    {"query": _QUESTION, "passages": _TEXTS},
    {"inputs": _TEXTS[0]},
)


def sample_requests(container: ContainerDefinition) -> tuple[Mapping[str, Any], ...]:
    """Return requests to try one after the other, until one is understood.

    Args:
        container: The container that answers.
    """
    name = repository(container.image) if container.image else ""
    if name == TOOLKIT:
        return _of_toolkit(container)
    engine = ENGINES.get(name)
    if engine is None:
        return ({"inputs": _QUESTION}, _CHAT)
    if engine.title == "Text Embeddings Inference":
        return ({"inputs": _TEXTS},)
    return (_GENERATE,) if engine.title == "Text Generation Inference" else (_CHAT, _GENERATE)


def _of_toolkit(container: ContainerDefinition) -> tuple[Mapping[str, Any], ...]:
    task = container.environment.get("HF_TASK")
    if task is None:
        return _OWN_CODE
    return (_TASKS.get(task, {"inputs": _TEXTS[0]}),)
