"""Store a token of the Hub as the build reads it: the text of a secret, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sagemaker_model.aws import Aws

TOKEN_SECRET = "hugging-face-token"  # noqa: S105 - a secret's name
"""Name of the secret with the Hub token, where nobody names another."""
_DESCRIPTION = "Token of the Hugging Face Hub, read by builds that stage weights"


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a token was stored.

    Args:
        arn: ARN of the secret.
        created: Whether the secret is new; otherwise it has a new value.
    """

    arn: str
    created: bool


def store_token(
    aws: Aws,
    secret: str,
    token: str,
    *,
    kms_key: str | None = None,
    tags: Mapping[str, str] | None = None,
) -> Stored:
    """Make a secret with a token, or give one that is there a new value.

    Args:
        aws: Which AWS.
        secret: Name of the secret, or the ARN of one that is there.
        token: The token.
        kms_key: Id, ARN or alias of the key that it is encrypted with.
            Default: AWS's own for Secrets Manager; a secret that is there keeps its key.
        tags: Tags that are put on it. Default: none.
    """
    client = aws.client("secretsmanager")
    if not secret.startswith("arn:"):
        found = _create(client, secret, token, kms_key, tags or {})
        if found is not None:
            return found
    return _renew(client, secret, token, kms_key, tags or {})


def _create(
    client: Any, name: str, token: str, kms_key: str | None, tags: Mapping[str, str]
) -> Stored | None:
    """Make a secret; return None where it is there already."""
    key = {"KmsKeyId": kms_key} if kms_key else {}
    try:
        made = client.create_secret(
            Name=name,
            Description=_DESCRIPTION,
            SecretString=token,
            Tags=_listed(tags),
            **key,
        )
    except client.exceptions.ResourceExistsException:
        return None
    return Stored(made["ARN"], created=True)


def _renew(
    client: Any, secret: str, token: str, kms_key: str | None, tags: Mapping[str, str]
) -> Stored:
    if kms_key:
        # The new value is encrypted with the new key.
        client.update_secret(SecretId=secret, KmsKeyId=kms_key)
    arn = client.put_secret_value(SecretId=secret, SecretString=token)["ARN"]
    if tags:
        client.tag_resource(SecretId=secret, Tags=_listed(tags))
    return Stored(arn, created=False)


def _listed(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
