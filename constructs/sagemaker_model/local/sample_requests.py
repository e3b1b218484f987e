"""A request that a container should answer, made of what shows of it."""

from __future__ import annotations

from sagemaker_model.local.serving.choose import ENGINES, TOOLKIT, repository
from sagemaker_model.local.serving.container import ContainerDefinition
from sagemaker_model.smoke_test.known_requests import CHAT, OF_TOOLKIT, TASKS, TEXT, Body


def sample_requests(container: ContainerDefinition) -> tuple[Body, ...]:
    """Return requests to try one after the other, until one is understood.

    Args:
        container: The container that answers.
    """
    name = repository(container.image) if container.image else ""
    if name == TOOLKIT:
        return _of_toolkit(container)
    engine = ENGINES.get(name)
    if engine is None:
        return (TEXT, CHAT)
    # Of all that an engine is asked, a language model of this machine answers chats alone.
    return tuple(sorted(engine.requests, key=lambda request: "messages" not in request))


def _of_toolkit(container: ContainerDefinition) -> tuple[Body, ...]:
    task = container.environment.get("HF_TASK")
    return OF_TOOLKIT if task is None else (TASKS.get(task, TEXT),)
