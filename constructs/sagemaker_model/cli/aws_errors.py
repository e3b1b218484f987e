"""What boto3 raises where AWS does not answer, or refuses."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

_P = ParamSpec("_P")
_R = TypeVar("_R")


def with_aws_errors(command: Callable[_P, _R]) -> Callable[_P, _R]:
    """Make a command raise RuntimeError for what boto3 raises.

    Args:
        command: Asks AWS, or the local one.
    """

    @wraps(command)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return command(*args, **kwargs)
        except (BotoCoreError, ClientError) as error:
            raise RuntimeError(f"AWS refused, or did not answer: {error}") from error

    return run
