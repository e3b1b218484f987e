"""What an endpoint does of all that its engine can: its model decides, so it is asked."""

from __future__ import annotations

from collections.abc import Sequence

from sagemaker_model.runtime import (
    Endpoint,
    InvalidRequestError,
    ModelFailedError,
    ModelNotReadyError,
    OverloadedError,
    PromptFormat,
    TimedOutError,
    UnexpectedAnswerError,
)
from sagemaker_model.web.task import Task

_LANGUAGE = frozenset({Task.CHAT, Task.GENERATE})


def answered(
    endpoint: Endpoint, tasks: Sequence[Task], prompt_format: PromptFormat | None
) -> list[Task]:
    """Return what an endpoint answers; all where that can't be told now.

    Each task is asked for once, for a single token or a vector of one word, up to the first that
    says it all: a model that chats continues texts as well, and makes no vectors.

    Args:
        endpoint: Who is asked.
        tasks: What its engine does. One alone needs no question.
        prompt_format: How a chat becomes a prompt; None where the model's own template does.

    Raises:
        EndpointError: The endpoint is not there, or may not be asked.
    """
    if len(tasks) == 1:
        return [*tasks]
    found: list[Task] = []
    try:
        for task in tasks:
            if _answers(endpoint, task, prompt_format):
                found.append(task)
            if found == [Task.CHAT]:
                return [each for each in tasks if each in _LANGUAGE]
    except (ModelNotReadyError, OverloadedError, TimedOutError):
        return [*tasks]
    return found or [*tasks]


def _answers(endpoint: Endpoint, task: Task, prompt_format: PromptFormat | None) -> bool:
    try:
        match task:
            case Task.CHAT:
                endpoint.chat("Hello", prompt_format=prompt_format, max_new_tokens=1)
            case Task.GENERATE:
                endpoint.generate("Hello", max_new_tokens=1)
            case Task.EMBED:
                endpoint.embed("hello")
            case Task.RERANK:
                endpoint.rerank("hello", ["hello"])
    except (InvalidRequestError, ModelFailedError, UnexpectedAnswerError):
        return False
    return True
