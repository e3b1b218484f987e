"""What ``Ref`` gives for a secret: its ARN, where ministack's CloudFormation gives the name.

Policies are written with it. Source: the return values of AWS::SecretsManager::Secret,
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ministack.services import secretsmanager
from ministack.services.cloudformation import provisioners

HOOKS = (
    "ministack.services.secretsmanager:_resolve",
    "ministack.services.cloudformation.provisioners:_RESOURCE_HANDLERS",
)

Made = tuple[str, Mapping[str, str]]


def install() -> None:
    """Have CloudFormation know secrets by their ARN."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::SecretsManager::Secret"]  # noqa: SLF001
    create, update, delete = (handlers[verb] for verb in ("create", "update", "delete"))

    def create_secret(*about: Any) -> Made:
        return _by_arn(create(*about))

    def update_secret(arn: str, *about: Any) -> Made:
        return _by_arn(update(_name(arn), *about))

    def delete_secret(arn: str, *about: Any) -> None:
        delete(_name(arn), *about)

    handlers.update(create=create_secret, update=update_secret, delete=delete_secret)


def _by_arn(made: Made) -> Made:
    _, attributes = made
    return attributes["Id"], attributes


def _name(arn: str) -> str:
    found, _ = secretsmanager._resolve(arn)  # noqa: SLF001
    return found or arn
