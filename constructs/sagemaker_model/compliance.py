"""What cdk-nag's rule packs say of the construct and no argument can change, with the evidence.

Each is acknowledged by its exact id where it arises, so that anything else that a pack finds is
shown. What a user can change (a key, a VPC) is never acknowledged here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from aws_cdk import CfnResource, Stack, Validations
from constructs import Construct

from sagemaker_model.permissions import Statement, account, partition, region_token
from sagemaker_model.tokens import is_token

HIPAA, NIST, PCI = "HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321"
_PACKS = (HIPAA, NIST, PCI)
_INLINE = "The policy belongs to one model and is deleted with it; a managed one could outlive it."
_NVME = (
    "The instance type has local NVMe storage, which its hardware encrypts with a key of its own; "
    "CreateEndpointConfig refuses a KMS key for it."
)
_ANY = {
    "WriteMetrics": "cloudwatch:PutMetricData knows no resources; a condition names namespaces.",
    "GetRegistryToken": "ecr:GetAuthorizationToken knows no resources.",
    "OpenSessions": "ssmmessages knows no resources.",
    "UseNetworkInterfaces": "The interfaces do not exist yet; the developer guide lists these "
    "actions on all resources.",
}
_PART = "It is one model's logs or files: their names are made by SageMaker or lie below a prefix."


def acknowledge(scope: Construct, *, granted: Sequence[Statement], local_nvme: bool) -> None:
    """Acknowledge what the model's role and configuration can't do otherwise.

    All reasons are written in one entry of the metadata that ``Validations.acknowledge`` writes
    an entry each in: a stack trace and a search of the tree for each would cost more than the
    model itself.

    Args:
        scope: The model's construct.
        granted: The statements of the policy it made; none where it made no policy.
        local_nvme: Whether the instances have local NVMe storage, which takes no key.
    """
    reasons = wildcard_rules(scope, dict(_wildcards(granted)))
    if granted:
        reasons |= dict.fromkeys(in_all_packs("IAMNoInlinePolicy"), _INLINE)
    if local_nvme:
        rule = "SageMakerEndpointConfigurationKMSKeyConfigured"
        reasons |= dict.fromkeys(in_all_packs(rule), _NVME)
    acknowledge_rules(scope, reasons)


def acknowledge_rules(scope: Construct, reasons: Mapping[str, str]) -> None:
    """Acknowledge rules at *scope*, and for all that lies below it.

    Args:
        scope: Where the rules' findings arise.
        reasons: Why, by the rule's exact id.
    """
    if reasons:
        scope.node.add_metadata(_metadata_key(), dict(reasons))


def allow_redundant_dependencies(scope: Construct) -> None:
    """Let cfn-lint pass over the dependencies on roles that CDK writes beside its references."""
    for construct in scope.node.find_all():
        if isinstance(construct, CfnResource):
            construct.add_metadata("cfn-lint", {"config": {"ignore_checks": ["W3005"]}})


def in_all_packs(rule: str) -> list[str]:
    """Return the ids of a rule that all three packs have."""
    return in_packs(rule, *_PACKS)


def in_packs(rule: str, *packs: str) -> list[str]:
    """Return the ids that a rule has in the packs that have it."""
    return [f"{pack}-{rule}" for pack in packs]


def wildcard_rules(scope: Construct, reasons: Mapping[str, str]) -> dict[str, str]:
    """Return the ids that AwsSolutions gives resources with a wildcard.

    Args:
        scope: A construct of the stack that the policy is in.
        reasons: Why each is needed, by the resource as a policy's statement has it.
    """
    return {
        f"AwsSolutions-IAM5[Resource::{_as_reported(scope, resource)}]": reason
        for resource, reason in reasons.items()
    }


@cache
def _metadata_key() -> str:
    return Validations.ACKNOWLEDGED_RULES_METADATA_KEY


def _wildcards(statements: Iterable[Statement]) -> Iterator[tuple[str, str]]:
    """Return each resource with a wildcard, and its evidence."""
    for statement in statements:
        for resource in statement["Resource"]:
            if "*" in resource:
                yield resource, _ANY.get(str(statement["Sid"]), _PART)


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
