"""A request that a container should answer, made of what shows of it."""

from __future__ import annotations

from sagemaker_model.local.serving.container import ContainerDefinition
from sagemaker_model.runtime.deployed_engine import engine_of
from sagemaker_model.smoke_test.known_requests import CHAT, TASKS, TEXT, Body, requests_of


def sample_requests(container: ContainerDefinition) -> tuple[Body, ...]:
    """Return requests to try one after the other, until one is understood.

    Args:
        container: The container that answers.
    """
    engine = engine_of(container.image) if container.image else None
    if engine is None:
        return (TEXT, CHAT)
    task = container.environment.get("HF_TASK")
    if engine == "toolkit" and task is not None:
        return (TASKS.get(task, TEXT),)
    # Of all that an engine is asked, a language model of this machine answers chats alone.
    return tuple(sorted(requests_of(engine), key=lambda request: "messages" not in request))
