"""The secret that holds a Hub token."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from constructs import Construct

from sagemaker_model.staging.token_form import is_hub_token

if TYPE_CHECKING:
    from aws_cdk import aws_secretsmanager as secretsmanager

_ARN = re.compile(r"arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:(?P<name>.+)")
# Secrets Manager ends the ARN of a secret with a hyphen and six characters of its own.
_COMPLETE = re.compile(r".+-[A-Za-z0-9]{6}")


def check_hub_token(given: object) -> None:
    """Refuse a token in place of the secret that holds it.

    Raises:
        ValueError: *given* is a token itself.
    """
    if isinstance(given, str) and is_hub_token(given):
        raise ValueError(
            "hf_token must not be the token itself, which would stand in the template; store it "
            "in Secrets Manager (sagemaker-model token set), and give the secret's name or ARN"
        )


def hub_token(
    scope: Construct, given: secretsmanager.ISecret | str | None
) -> secretsmanager.ISecret | None:
    """Return the secret that *given* is, or names.

    Args:
        scope: The construct that the reference belongs to.
        given: A secret, its name or its ARN.
    """
    if not isinstance(given, str):
        return given
    from aws_cdk import aws_secretsmanager as secretsmanager

    arn = _ARN.fullmatch(given)
    if not arn:
        return secretsmanager.Secret.from_secret_name_v2(scope, "HubToken", given)
    if _COMPLETE.fullmatch(arn["name"]):
        return secretsmanager.Secret.from_secret_complete_arn(scope, "HubToken", given)
    return secretsmanager.Secret.from_secret_partial_arn(scope, "HubToken", given)
