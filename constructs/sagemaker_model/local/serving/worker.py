"""One container behind an endpoint: how it is started, asked and stopped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from sagemaker_model.local.serving import choose
from sagemaker_model.local.serving.answers import Answer, ServingError, StreamedAnswer
from sagemaker_model.local.serving.container import ContainerDefinition
from sagemaker_model.local.serving.model_data import discard, fetch
from sagemaker_model.local.settings import Settings

__all__ = ["Answer", "ServingError", "StreamedAnswer", "Worker", "start"]


class Worker(Protocol):
    """A program that serves a model."""

    @property
    def note(self) -> str | None:
        """What is not real about it; None for the real thing."""
        ...

    def exited(self) -> str | None:
        """Return why it ended, with the last lines of its log; None while it runs."""
        ...

    def ready(self) -> bool:
        """Tell whether ``GET /ping`` answers 200 within 2 seconds.

        Source: "How your container should respond to health check (ping) requests",
        https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
        """
        ...

    def invoke(self, body: bytes, headers: Mapping[str, str], timeout: float) -> Answer:
        """Return the answer to a request.

        Args:
            body: What was sent.
            headers: The request's headers, for example ``Content-Type``.
            timeout: How long the answer may take, in seconds.

        Raises:
            TimeoutError: It took longer.
            ConnectionError: The program ended before it answered.
        """
        ...

    def stream(self, body: bytes, headers: Mapping[str, str], timeout: float) -> StreamedAnswer:
        """Return the answer to a request, whose parts come as the program sends them.

        Args:
            body: What was sent.
            headers: The request's headers.
            timeout: How long each part may take, in seconds.

        Raises:
            TimeoutError: It took longer.
            ConnectionError: The program ended before it answered.
        """
        ...

    def stop(self) -> None:
        """End the program and all that it started; again, it does nothing."""
        ...


def start(
    container: ContainerDefinition,
    *,
    folder: Path,
    aws: Mapping[str, str],
    log: Callable[[str], None],
    settings: Settings,
) -> Worker:
    """Fetch a container's model data and start what serves them; it returns before it is ready.

    Args:
        container: What to serve.
        folder: Where its files go; it is made. The model in it is deleted when the worker stops,
            the rest is the caller's.
        aws: Variables of the execution role's credentials: it, not this process, reads S3.
        log: Takes each line that the program writes, on a thread of its own.
        settings: Those of the local AWS.

    Raises:
        ServingError: The model data can't be had, or nothing here serves such a container.
    """
    folder.mkdir(parents=True, exist_ok=True)
    model = folder / "model"
    try:
        fetch(container.model_data, model, cache=settings.state / "model-data", aws=aws)
        return choose.start(container, model, aws=aws, log=log, settings=settings)
    except ServingError:
        discard(model)
        raise
