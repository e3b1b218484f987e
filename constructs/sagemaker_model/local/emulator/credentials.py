"""Credentials of a role, as AWS's services get them: they assume it as themselves."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ministack.services import iam, sts

from sagemaker_model.local.emulator import scope
from sagemaker_model.local.emulator.services import ApiError

HOOKS = (
    "ministack.services.sts:register_session",
    "ministack.services.iam:_roles",
)

_LASTS = 12 * 3600


@dataclass(frozen=True)
class Credentials:
    """Temporary credentials of a role.

    Args:
        access_key: Their id.
        secret_key: What requests are signed with.
        token: The session's token.
        region: The Region that they are used in.
    """

    access_key: str
    secret_key: str
    token: str
    region: str

    def environment(self) -> dict[str, str]:
        """Return the variables by which AWS's SDKs use them on this emulator."""
        variables = {
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_SESSION_TOKEN": self.token,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ENDPOINT_URL": endpoint_url(),
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        bundle = os.environ.get("AWS_CA_BUNDLE")
        return variables | ({"AWS_CA_BUNDLE": bundle} if bundle else {})


def endpoint_url() -> str:
    """Return the URL of this emulator."""
    scheme = "https" if os.environ.get("USE_SSL") == "1" else "http"
    return f"{scheme}://127.0.0.1:{os.environ['GATEWAY_PORT']}"


def assume(role_arn: str, session: str, service: str) -> Credentials:
    """Assume a role as a service of AWS does.

    Args:
        role_arn: The role.
        session: Name of the session, which CloudTrail would show.
        service: The service principal, for example ``sagemaker.amazonaws.com``.

    Raises:
        ApiError: The role isn't there, or its trust policy does not name the service
            (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-service.html).
    """
    account = role_arn.split(":")[4]
    name = role_arn.rsplit("/", 1)[-1]
    role = iam._roles.get_scoped(account, None, name)  # noqa: SLF001
    if role is None or not trusts(role.get("AssumeRolePolicyDocument", "{}"), service):
        raise ApiError(
            "ValidationException",
            f"Could not assume role {role_arn}. Please ensure that the role exists and allows "
            f"principal '{service}' to assume the role.",
        )
    made = Credentials(
        access_key="ASIA" + secrets.token_hex(8).upper(),
        secret_key=secrets.token_urlsafe(30),
        token=secrets.token_urlsafe(60),
        region=scope.region(),
    )
    sts.register_session(
        made.access_key,
        {
            "Arn": f"arn:aws:sts::{account}:assumed-role/{name}/{session}",
            "UserId": f"{role.get('RoleId', name)}:{session}",
            "SecretAccessKey": made.secret_key,
            "SessionToken": made.token,
            "Expiration": time.time() + _LASTS,
            "AccountId": account,
            "PrincipalType": "AssumedRole",
        },
    )
    return made


def trusts(document: str | Mapping[str, Any], service: str) -> bool:
    """Tell whether a trust policy lets a service assume its role.

    Conditions are not judged: a service assumes the role for its own account here.

    Args:
        document: The trust policy, as text or read.
        service: The service principal.
    """
    policy = json.loads(document) if isinstance(document, str) else document
    return any(
        statement.get("Effect") == "Allow"
        and "sts:AssumeRole" in _each(statement.get("Action"))
        and isinstance(statement.get("Principal"), dict)
        and service in _each(statement["Principal"].get("Service"))
        for statement in policy.get("Statement", [])
    )


def _each(value: str | Iterable[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])
