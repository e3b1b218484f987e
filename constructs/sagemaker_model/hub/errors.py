"""What asking the Hub can end in, each with a message and an exit code of its own."""

from __future__ import annotations


class HubError(RuntimeError):
    """The Hub did not tell what it was asked.

    Args:
        message: What happened, and what to do about it.
        wait: Seconds that the Hub asks to wait. Default: it didn't.
    """

    exit_code = 1
    """What a command ends with."""
    retryable = False
    """Whether another attempt may mend it."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class OfflineError(HubError):
    """The Hub was not asked, because it is not to be."""

    exit_code = 3


class UnauthorizedError(HubError):
    """HTTP 401: the token is refused, or the model is private or missing and there is no token."""

    exit_code = 4


class GatedError(HubError):
    """The model's licence must be accepted first."""

    exit_code = 5


class ForbiddenError(HubError):
    """HTTP 403: the token may not read the model, which isn't gated."""

    exit_code = 6


class ModelNotFoundError(HubError):
    """HTTP 404: there is no such model."""

    exit_code = 7


class RevisionNotFoundError(HubError):
    """HTTP 404: the model has no such revision."""

    exit_code = 8


class RateLimitedError(HubError):
    """HTTP 429: too many questions."""

    exit_code = 9
    retryable = True


class ServerError(HubError):
    """HTTP 5xx: the Hub is not well."""

    exit_code = 10
    retryable = True


class TimedOutError(HubError):
    """The Hub did not answer in time."""

    exit_code = 11
    retryable = True


class NoNetworkError(HubError):
    """The Hub can't be reached."""

    exit_code = 12
    retryable = True


class NotAHubError(HubError):
    """What answers does not answer as a Hub does."""

    exit_code = 13
