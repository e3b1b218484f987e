"""What can go wrong, by what the person who reads it has to do."""

from __future__ import annotations


class SettingsError(ValueError):
    """The settings are wrong: nothing was tried."""


class StagingError(Exception):
    """The model could not be staged: nothing looks finished."""


class HubUnavailableError(StagingError):
    """The Hub does not answer, or not to this token."""


class RetryableError(Exception):
    """An attempt failed in a way that another attempt may mend.

    Args:
        message: What happened.
        wait: Seconds that the other side asked to wait; None leaves it to the retry policy.
    """

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait
