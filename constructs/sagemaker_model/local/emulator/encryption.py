"""Keys behind data that ministack keeps: who uses such data uses the key."""

from __future__ import annotations

import re

from ministack.services import s3, secretsmanager

from sagemaker_model.local.emulator import scope

HOOKS = (
    "ministack.services.s3:_bucket_encryption",
    "ministack.services.secretsmanager:_resolve",
)

_KEY = re.compile(r"<KMSMasterKeyID>\s*([^<\s]+)\s*</KMSMasterKeyID>")


def key_of_bucket(name: str) -> str | None:
    """Return the ARN of the key that a bucket's objects are encrypted with.

    Args:
        name: Name of the bucket.

    Returns:
        The ARN; None for S3's own keys, which everybody in the account may use.
    """
    found = _KEY.search(s3._bucket_encryption.get(name) or "")  # noqa: SLF001
    return _arn(found[1]) if found else None


def key_of_secret(arn: str) -> str | None:
    """Return the ARN of the key that a secret is encrypted with.

    Args:
        arn: ARN or name of the secret.

    Returns:
        The ARN; None for Secrets Manager's own key, which everybody in the account may use.
    """
    _, secret = secretsmanager._resolve(arn)  # noqa: SLF001
    key = (secret or {}).get("KmsKeyId")
    return _arn(key) if key and not key.endswith("alias/aws/secretsmanager") else None


def _arn(key: str) -> str:
    if key.startswith("arn:"):
        return key
    kind = key if key.startswith("alias/") else f"key/{key}"
    return f"arn:aws:kms:{scope.region()}:{scope.account()}:{kind}"
