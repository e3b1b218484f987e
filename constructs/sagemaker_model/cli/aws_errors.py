"""What boto3 raises where AWS does not answer, or refuses."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")


def with_aws_errors(command: Callable[_P, _R]) -> Callable[_P, _R]:
    """Make a command raise RuntimeError for what boto3 raises.

    Args:
        command: Asks AWS, or the local one.

    Raises:
        RuntimeError: boto3 is missing, or raised an error of AWS.
    """

    @wraps(command)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            from botocore.exceptions import BotoCoreError, ClientError
        except ModuleNotFoundError as error:
            raise RuntimeError(
                "AWS is asked by boto3, which is not installed; "
                "pip install 'cdk-sagemaker-model[cli]'"
            ) from error
        try:
            return command(*args, **kwargs)
        except (BotoCoreError, ClientError) as error:
            raise RuntimeError(f"AWS refused, or did not answer: {error}") from error

    return run
