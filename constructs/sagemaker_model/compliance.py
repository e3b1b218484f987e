"""What cdk-nag's rule packs say of the construct and no argument can change, with the evidence.

Each is acknowledged by its exact id where it arises, so that anything else that a pack finds is
shown. What a user can change (a key, a VPC) is never acknowledged here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from aws_cdk import Acknowledgment, Stack, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from sagemaker_model.permissions import Statement, account, partition, region_token
from sagemaker_model.tokens import is_token

_PACKS = ("HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321")
_INLINE = "The policy belongs to one model and is deleted with it; a managed one could outlive it."
_NVME = (
    "The instance type has local NVMe storage, which its hardware encrypts with a key of its own; "
    "CreateEndpointConfig refuses a KMS key for it."
)
_ANY = {
    "WriteMetrics": "cloudwatch:PutMetricData knows no resources; a condition names namespaces.",
    "GetRegistryToken": "ecr:GetAuthorizationToken knows no resources.",
    "UseNetworkInterfaces": "The interfaces do not exist yet; the developer guide lists these "
    "actions on all resources.",
}
_PART = "It is one model's logs or files: their names are made by SageMaker or lie below a prefix."


def acknowledge_policy(policy: iam.Policy, statements: Sequence[Statement]) -> None:
    """Acknowledge what the execution role's policy can't do otherwise."""
    reasons = {f"{pack}-IAMNoInlinePolicy": _INLINE for pack in _PACKS}
    reasons |= dict(_wildcards(policy, statements))
    _acknowledge(policy, reasons)


def acknowledge_endpoint_config(config: sagemaker.CfnEndpointConfig) -> None:
    """Acknowledge that a configuration for local NVMe storage has no key."""
    rule = "SageMakerEndpointConfigurationKMSKeyConfigured"
    _acknowledge(config, {f"{pack}-{rule}": _NVME for pack in _PACKS})


def _wildcards(scope: Construct, statements: Iterable[Statement]) -> Iterator[tuple[str, str]]:
    """Return the id that AwsSolutions gives each resource with a wildcard, and its evidence."""
    for statement in statements:
        for resource in statement["Resource"]:
            if "*" in resource:
                name = _as_reported(scope, resource)
                reason = _ANY.get(str(statement["Sid"]), _PART)
                yield f"AwsSolutions-IAM5[Resource::{name}]", reason


def _as_reported(scope: Construct, resource: str) -> str:
    """Write a resource as cdk-nag does: what CloudFormation fills in stands in angle brackets."""
    for token, name in _pseudo_parameters().items():
        resource = resource.replace(token, f"<{name}>")
    return _flat(Stack.of(scope).resolve(resource)) if is_token(resource) else resource


def _pseudo_parameters() -> Mapping[str, str]:
    return {
        partition(): "AWS::Partition",
        account(): "AWS::AccountId",
        region_token(): "AWS::Region",
    }


def _flat(value: object) -> str:
    """Flatten what a token resolves to.

    >>> _flat({"Fn::Join": ["", [{"Fn::GetAtt": ["Bucket", "Arn"]}, "/models/*"]]})
    '<Bucket.Arn>/models/*'
    """
    match value:
        case {"Fn::Join": [str(delimiter), list(parts)]}:
            return delimiter.join(_flat(part) for part in parts)
        case {"Fn::GetAtt": [resource, attribute]}:
            return f"<{_flat(resource)}.{_flat(attribute)}>"
        case {"Fn::ImportValue": name}:
            return _flat(name)
        case {"Ref": name}:
            return f"<{_flat(name)}>"
        case _:
            return str(value)


def _acknowledge(scope: Construct, reasons: Mapping[str, str]) -> None:
    acknowledgments = [Acknowledgment(id=rule, reason=reason) for rule, reason in reasons.items()]
    Validations.of(scope).acknowledge(*acknowledgments)
