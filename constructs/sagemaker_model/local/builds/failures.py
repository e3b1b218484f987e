"""What ends a build, or refuses a request for one."""

from __future__ import annotations


class PhaseError(Exception):
    """A phase that fails, with what its record tells of it.

    Args:
        code: The context's ``statusCode``.
        message: The context's ``message``.
        status: What becomes of the phase and the build. Default: FAILED.
    """

    def __init__(self, code: str, message: str, status: str = "FAILED") -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


class RequestError(Exception):
    """A request that CodeBuild refuses.

    Args:
        code: AWS's name of the error.
        message: What is told.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
