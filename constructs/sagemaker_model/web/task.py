"""What an endpoint can be asked on a page."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from sagemaker_model.runtime import PromptFormat
from sagemaker_model.runtime.protocol.protocol import Protocol, Values


class Task(StrEnum):
    """What a page asks an endpoint to do."""

    CHAT = "chat"
    GENERATE = "generate"
    EMBED = "embed"
    RERANK = "rerank"


def try_request(
    task: Task, protocol: Protocol, prompt_format: PromptFormat | None, values: Values
) -> None:
    """Write the request of a task with these parameters, and send it nowhere.

    Args:
        task: What is asked.
        protocol: How the engine is asked.
        prompt_format: How a chat becomes a prompt; None where the model's own template does.
        values: Parameters, checked.

    Raises:
        ValueError: The engine does not do this, or has not such a parameter.
    """
    if task is Task.CHAT and prompt_format is None:
        protocol.chat([{"role": "user", "content": "text"}], values, stream=True)
    elif task in (Task.CHAT, Task.GENERATE):
        protocol.generate("text", values, stream=True)
    elif task is Task.EMBED:
        protocol.embed(["text"], values)
    else:
        protocol.rerank("text", ["text"], values)


def offered(
    protocol: Protocol, prompt_format: PromptFormat | None, wanted: Sequence[Task] = ()
) -> list[Task]:
    """Return what an engine can be asked.

    Args:
        protocol: How the engine is asked.
        prompt_format: How a chat becomes a prompt; None where the model's own template does.
        wanted: What is to be offered. Default: all that the engine does.

    Raises:
        ValueError: The engine does not do what is wanted.
    """
    for task in wanted:
        try_request(task, protocol, prompt_format, {})
    return [*dict.fromkeys(wanted)] or [
        task for task in Task if takes(task, protocol, prompt_format, {})
    ]


def takes(
    task: Task, protocol: Protocol, prompt_format: PromptFormat | None, values: Values
) -> bool:
    """Return whether an engine does this with these parameters.

    Args:
        task: What is asked.
        protocol: How the engine is asked.
        prompt_format: How a chat becomes a prompt; None where the model's own template does.
        values: Parameters, checked.
    """
    try:
        try_request(task, protocol, prompt_format, values)
    except ValueError:
        return False
    return True
