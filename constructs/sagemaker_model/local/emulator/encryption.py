"""Keys behind data that ministack keeps: who uses such data uses the key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ministack.services import s3, secretsmanager
from ministack.services.cloudformation import provisioners

from sagemaker_model.local.emulator import scope

HOOKS = (
    "ministack.services.s3:_bucket_encryption",
    "ministack.services.secretsmanager:_resolve",
    "ministack.services.cloudformation.provisioners:_RESOURCE_HANDLERS",
)

_KEY = re.compile(r"<KMSMasterKeyID>\s*([^<\s]+)\s*</KMSMasterKeyID>")


def install() -> None:
    """Have CloudFormation keep the key of the buckets that it makes, which it drops."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::S3::Bucket"]  # noqa: SLF001
    create = handlers["create"]

    def create_with_key(logical_id: str, properties: Mapping[str, Any], stack: str) -> Any:
        made = create(logical_id, properties, stack)
        key = _default_key(properties)
        if key:
            s3._bucket_encryption[made[0]] = _as_xml(key)  # noqa: SLF001
        return made

    handlers["create"] = create_with_key


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


def _default_key(properties: Mapping[str, Any]) -> str | None:
    rules = properties.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration", [])
    defaults = [rule.get("ServerSideEncryptionByDefault", {}) for rule in rules]
    return next((each["KMSMasterKeyID"] for each in defaults if "KMSMasterKeyID" in each), None)


def _as_xml(key: str) -> str:
    """Return a bucket's encryption as PutBucketEncryption would have been told it."""
    default = f"<SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>{key}</KMSMasterKeyID>"
    rule = f"<ApplyServerSideEncryptionByDefault>{default}</ApplyServerSideEncryptionByDefault>"
    return (
        "<ServerSideEncryptionConfiguration>"
        f"<Rule>{rule}</Rule></ServerSideEncryptionConfiguration>"
    )
