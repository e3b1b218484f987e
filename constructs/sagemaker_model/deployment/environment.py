"""A container's environment variables, as the user gives them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from aws_cdk import Stack
from constructs import Construct

from sagemaker_model.tokens import is_token

_SECRET = re.compile(r"\{\{resolve:(secretsmanager|ssm-secure)")


def check_text(env: Mapping[str, object]) -> None:
    """Refuse values that are not text.

    Raises:
        TypeError: A value is not text; the message says how it is written.
    """
    for name, value in env.items():
        if not isinstance(value, str):
            raise TypeError(
                f"env[{name!r}] must be text, as all environment variables are, got {value!r}; "
                f"write {_as_text(value)!r}"
            )


def refuse_secrets(scope: Construct, env: Mapping[str, str]) -> None:
    """Refuse tokens that CloudFormation would put a secret's text in the place of.

    Raises:
        ValueError: A variable is a secret.
    """
    for name, value in env.items():
        if is_token(value) and _SECRET.search(str(Stack.of(scope).resolve(value))):
            raise ValueError(
                f"env[{name!r}] is a secret, which DescribeModel would show as plain text; take "
                "the weights from S3 for a model that needs a token, and have the container read "
                "other secrets from Secrets Manager by their ARN"
            )


def _as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
