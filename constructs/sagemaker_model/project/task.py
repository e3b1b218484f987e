"""What a model is for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sagemaker_model.model_lock.locked_model import LockedModel

_SENTENCES = "sentence-transformers"
_BY_ARCHITECTURE: Mapping[str, str] = {
    "ForAudioClassification": "audio-classification",
    "ForCausalLM": "text-generation",
    "ForConditionalGeneration": "text2text-generation",
    "ForCTC": "automatic-speech-recognition",
    "ForImageClassification": "image-classification",
    "ForMaskedLM": "fill-mask",
    "ForObjectDetection": "object-detection",
    "ForQuestionAnswering": "question-answering",
    "ForSequenceClassification": "text-classification",
    "ForTokenClassification": "token-classification",
    "LMHeadModel": "text-generation",
    "MTModel": "translation",
}

# Pipelines that the model runs under another name than its task has on the Hub.
_PIPELINES: Mapping[str, str] = {
    "conversational": "text-generation",
    "sentence-similarity": "feature-extraction",
    "text-ranking": "text-classification",
}

PIPELINE_TASKS: Final = frozenset(
    {
        "audio-classification",
        "automatic-speech-recognition",
        "depth-estimation",
        "document-question-answering",
        "feature-extraction",
        "fill-mask",
        "image-classification",
        "image-feature-extraction",
        "image-segmentation",
        "image-text-to-text",
        "image-to-image",
        "image-to-text",
        "mask-generation",
        "object-detection",
        "question-answering",
        "summarization",
        "table-question-answering",
        "text-classification",
        "text-generation",
        "text2text-generation",
        "token-classification",
        "translation",
        "video-classification",
        "visual-question-answering",
        "zero-shot-audio-classification",
        "zero-shot-classification",
        "zero-shot-image-classification",
        "zero-shot-object-detection",
    }
)
"""Tasks of a pipeline in transformers 4.51, by ``transformers.pipelines``."""


def task_of(model: LockedModel) -> str | None:
    """Return a model's task as the Hub names tasks; None where nothing tells it.

    Args:
        model: The model. Where its card names no task, its library or its architecture does.
    """
    if model.pipeline_tag is not None:
        return model.pipeline_tag
    if model.library == _SENTENCES:
        return "sentence-similarity"
    names = model.config.architectures
    found = (task for end, task in _BY_ARCHITECTURE.items() for name in names if name.endswith(end))
    return next(found, None)


def pipeline_of(task: str | None) -> str | None:
    """Return the pipeline of transformers that does a task; None where there is none.

    Args:
        task: The task as the Hub names it.

    >>> pipeline_of("sentence-similarity"), pipeline_of("text-to-image")
    ('feature-extraction', None)
    """
    name = _PIPELINES.get(task or "", task or "")
    return name if name in PIPELINE_TASKS else None
