"""IAM where it is enforced: for the services that ministack lacks, and as AWS has it for others.

With ``AUTH`` set, ministack asks IAM before it answers. Which action and resource a request is
about, and how a refusal reads, it knows of its own services alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.services import iam

from sagemaker_model.local.emulator import scope
from sagemaker_model.local.emulator.encryption import key_of_bucket, key_of_secret
from sagemaker_model.local.emulator.requests import action_of, resource_of
from sagemaker_model.local.emulator.services import ApiError

HOOKS = (
    "ministack.app:AUTH",
    "ministack.core.iam_actions:SERVICE_TO_IAM_NAMESPACE",
    "ministack.core.iam_actions:access_denied_response",
    "ministack.core.iam_actions:extract_iam_action",
    "ministack.core.iam_actions:extract_resource_arn",
    "ministack.core.iam_actions:identity_denial_message",
    "ministack.core.iam_actions:s3_additional_checks",
    "ministack.core.iam_evaluator:EvalContext",
    "ministack.core.iam_evaluator:_POLICY_REQUIRED",
    "ministack.core.iam_evaluator:_gather_role_policies",
    "ministack.core.iam_evaluator:_permissions_boundary",
    "ministack.core.iam_evaluator:_resource_policy",
    "ministack.core.iam_evaluator:combine_resource_policy",
    "ministack.core.iam_evaluator:enforce",
    "ministack.core.iam_evaluator:evaluate",
    "ministack.services.iam:_roles",
)

_OURS = ("sagemaker", "application-autoscaling")
# JSON services refuse with 400: the SDKs tell "Status Code: 400; Error Code: AccessDeniedException"
# of CodeBuild and CloudWatch Logs, and SageMaker's page of common errors has the same.
_REFUSED = 400


class AccessDeniedError(ApiError):
    """A role may not do what a service does as it; the message is IAM's."""

    def __init__(self, message: str) -> None:
        super().__init__("AccessDeniedException", message, _REFUSED)


def install() -> None:
    """Have ministack ask IAM for the services that it lacks, and for keys behind data.

    Nothing changes where IAM is not enforced.
    """
    for service in _OURS:
        iam_actions.SERVICE_TO_IAM_NAMESPACE[service] = service
    iam_actions.extract_iam_action = _naming_action(iam_actions.extract_iam_action)
    iam_actions.extract_resource_arn = _naming_resource(iam_actions.extract_resource_arn)
    iam_actions.s3_additional_checks = _with_keys(iam_actions.s3_additional_checks)
    iam_actions.access_denied_response = _worded(iam_actions.access_denied_response)
    iam_evaluator.enforce = _enforcing(iam_evaluator.enforce)


def check(
    role_arn: str,
    action: str,
    resource: str,
    context: Mapping[str, str] | None = None,
    *,
    session: str = "SageMaker",
) -> None:
    """Ask IAM whether a role may do something; where IAM is not enforced, it may.

    Args:
        role_arn: The role.
        action: The action, for example ``ecr:BatchGetImage``.
        resource: ARN of what it is about; ``*`` where the action knows none.
        context: Condition keys and their values. Default: none.
        session: Name of the role's session, which the message tells. Default: ``SageMaker``.

    Raises:
        AccessDeniedError: It may not.
    """
    if not app.AUTH:
        return
    account, name = role_arn.split(":")[4], role_arn.rsplit("/", 1)[-1]
    limits = iam_evaluator._permissions_boundary(iam._roles, name, account)  # noqa: SLF001
    asked = iam_evaluator.EvalContext(
        principal_arn=f"arn:aws:sts::{account}:assumed-role/{name}/{session}",
        principal_type="AssumedRole",
        principal_account=account,
        action=action,
        resource_arn=resource,
        region=scope.region(),
        secure_transport=True,
        service_context={key.lower(): value for key, value in (context or {}).items()},
    )
    policies = iam_evaluator._gather_role_policies(name, account)  # noqa: SLF001
    told = _with_resource_policy(iam_evaluator.evaluate(asked, policies, *limits), asked, limits)
    if told.decision != "Allow":
        message = iam_actions.identity_denial_message(
            action, asked.principal_arn, resource, told.decision == "Deny"
        )
        raise AccessDeniedError(message)


def _with_resource_policy(told: Any, asked: Any, limits: Any) -> Any:
    service = asked.action.partition(":")[0]
    found = iam_evaluator._resource_policy(service, asked.resource_arn)  # noqa: SLF001
    if found is None:
        return told
    required = service in iam_evaluator._POLICY_REQUIRED  # noqa: SLF001
    return iam_evaluator.combine_resource_policy(
        told, asked, *found, required=required, limits=limits
    )


def _naming_action(original: Callable[..., Any]) -> Callable[..., Any]:
    def extract(service: str, method: str, path: str, *rest: Any) -> Any:
        return action_of(service, path) or original(service, method, path, *rest)

    return extract


def _naming_resource(original: Callable[..., str]) -> Callable[..., str]:
    def extract(
        service: str, method: str, path: str, headers: Mapping[str, str], body: bytes, *rest: Any
    ) -> str:
        found = resource_of(service, path, headers, body)
        return found or original(service, method, path, headers, body, *rest)

    return extract


def _with_keys(original: Callable[..., list[tuple[str, str]]]) -> Callable[..., Any]:
    """Ask for the key of a bucket too.

    Source: "Using server-side encryption with AWS KMS keys", "Permissions",
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html: reading takes
    kms:Decrypt, writing kms:GenerateDataKey, and parts of an upload both.
    """

    def checks(
        method: str, path: str, headers: Any, body: bytes, query: Mapping[str, Any]
    ) -> list[tuple[str, str]]:
        asked = original(method, path, headers, body, query)
        bucket, _, key = path.lstrip("/").partition("/")
        kms = key_of_bucket(bucket) if key else None
        return [*asked, *((action, kms) for action in _key_actions(method, query) if kms)]

    return checks


def _key_actions(method: str, query: Mapping[str, Any]) -> list[str]:
    if "tagging" in query:
        return []
    if method == "GET" and "uploadId" not in query:
        return ["kms:Decrypt"]
    if method == "POST" or (method == "PUT" and "uploadId" in query):
        return ["kms:GenerateDataKey", "kms:Decrypt"]
    return ["kms:GenerateDataKey"] if method == "PUT" else []


def _enforcing(original: Callable[..., Any]) -> Callable[..., Any]:
    """Judge keys by their policies, whoever asks, and secrets with their keys.

    Source: "Secret encryption and decryption in AWS Secrets Manager",
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
    """

    def enforce(
        access_key: str, action: str, service: str, region: str, resource: str = "*", **more: Any
    ) -> Any:
        about = more.pop("resource_arn", resource)
        judged = "kms" if action.startswith("kms:") else service
        refused = original(access_key, action, judged, region, about, **more)
        if refused or action != "secretsmanager:GetSecretValue":
            return refused
        key = key_of_secret(about)
        return original(access_key, "kms:Decrypt", "kms", region, key) if key else None

    return enforce


def _worded(original: Callable[..., Any]) -> Callable[..., Any]:
    def response(service: str, action: str, principal: str, request_id: str, **more: Any) -> Any:
        if service not in (*_OURS, "codebuild") or more.get("error_code"):
            return original(service, action, principal, request_id, **more)
        message = iam_actions.identity_denial_message(
            action, principal, more.get("resource_arn", "*"), more.get("explicit_deny", False)
        )
        body = {"__type": "AccessDeniedException", "Message": message, "message": message}
        headers = {
            "Content-Type": "application/x-amz-json-1.1",
            "x-amzn-errortype": "AccessDeniedException",
        }
        return _REFUSED, headers, json.dumps(body).encode()

    return response
