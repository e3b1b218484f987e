"""What can go wrong at an endpoint, each a type of its own."""

from __future__ import annotations


class EndpointError(RuntimeError):
    """An endpoint that gave no answer; the types below say why, where that shows.

    Args:
        message: What is wrong, and how to mend it.
        status: The status that the container answered with. Default: None, as no container did.
        text: What the engine or AWS itself said. Default: nothing.
    """

    def __init__(self, message: str, *, status: int | None = None, text: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.text = text


class InvalidRequestError(EndpointError):
    """The engine, or SageMaker before it, refuses the request."""


class OverloadedError(EndpointError):
    """There are more requests than are taken; the same request may pass later."""


class ModelNotReadyError(EndpointError):
    """The model is not loaded yet; the same request passes later."""


class ModelFailedError(EndpointError):
    """The engine took the request and failed at it."""


class TimedOutError(EndpointError):
    """No answer came within the time that SageMaker or the client allows."""


class StreamBrokenError(EndpointError):
    """A stream ended within its answer."""


class EndpointNotFoundError(EndpointError):
    """There is no such endpoint, variant or inference component."""


class AccessDeniedError(EndpointError):
    """AWS does not let the caller do this, or does not know the caller."""


class UnexpectedAnswerError(EndpointError):
    """An answer that this protocol does not have; ``invoke`` returns it as it is."""
