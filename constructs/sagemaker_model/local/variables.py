"""The variables that make programs speak to the local AWS, and to no other."""

from __future__ import annotations

import ipaddress
import os
import shlex
from collections.abc import Mapping
from urllib.parse import urlsplit

from sagemaker_model.local.record import Record

SECRET = "test"  # noqa: S105
"""The secret key of the account's root: the local AWS knows no other."""

_TAKEN_AWAY = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN")
_TOKENS = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")


def without_credentials(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return variables without any that leads to a real account.

    Args:
        environment: Variables. Default: those of this process.
    """
    return {
        name: value
        for name, value in environment.items()
        if not name.startswith("AWS_") and name not in _TOKENS
    }


def variables(record: Record) -> dict[str, str]:
    """Return the variables that make the CDK CLI, the AWS CLI and boto3 use a local AWS.

    Args:
        record: The local AWS.

    Raises:
        ValueError: Its URL is not one of this machine.
    """
    must_be_loopback(record.endpoint)
    nowhere = str(record.state / "no-aws-config")
    told = {
        "AWS_ENDPOINT_URL": record.endpoint,
        # With it set, the URL would be passed over, and the real AWS asked.
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        "AWS_ACCESS_KEY_ID": record.account,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": record.region,
        "AWS_DEFAULT_REGION": record.region,
        # Profiles can name URLs of their own for each service.
        "AWS_CONFIG_FILE": nowhere,
        "AWS_SHARED_CREDENTIALS_FILE": nowhere,
        "AWS_EC2_METADATA_DISABLED": "true",
        # The CDK CLI remembers there which account an access key is of.
        "CDK_HOME": str(record.state / "cdk"),
        "CDK_DEFAULT_ACCOUNT": record.account,
        "CDK_DEFAULT_REGION": record.region,
        "CDK_DISABLE_CLI_TELEMETRY": "true",
    }
    if record.certificate:
        told |= {
            "AWS_CA_BUNDLE": str(record.certificate),
            "NODE_EXTRA_CA_CERTS": str(record.certificate),
        }
    return told


def exports(record: Record) -> str:
    """Return the lines that a shell evaluates to use a local AWS."""
    lines = [f"export {name}={shlex.quote(value)}" for name, value in variables(record).items()]
    return "\n".join([f"unset {' '.join(_TAKEN_AWAY)}", *lines])


def must_be_loopback(url: str) -> None:
    """Refuse a URL that may lead to the real AWS.

    Raises:
        ValueError: Its host is not an address of this machine.
    """
    host = urlsplit(url).hostname or ""
    try:
        local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        raise ValueError(
            f"{url!r} is not on this machine, and only a local AWS is deployed to from here; use "
            "http://127.0.0.1:PORT, or cdk deploy itself for the real AWS"
        )
