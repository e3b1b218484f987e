"""What cdk-nag's rule packs say of the construct and no argument can change, with the evidence.

Each is acknowledged by its exact id where it arises, so that anything else a pack finds is
shown. What the user can change (a key, a VPC) is never acknowledged here.
"""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Acknowledgment, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

_INLINE = "The policy belongs to one model and is deleted with it; a managed one could outlive it."
_INLINE_RULES = {"IAMNoInlinePolicy": _INLINE}

_NVME = (
    "The instance type has local NVMe storage, which its hardware encrypts with a key of its own; "
    "CreateEndpointConfig refuses a KMS key for it."
)
_NVME_RULES = {"SageMakerEndpointConfigurationKMSKeyConfigured": _NVME}
_PACKS = ("HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321")


def acknowledge_policy(policy: iam.Policy) -> None:
    """Acknowledge what the execution role's policy can't do otherwise."""
    _acknowledge(policy, _in_packs(_INLINE_RULES))


def acknowledge_endpoint_config(config: sagemaker.CfnEndpointConfig) -> None:
    """Acknowledge that a configuration for local NVMe storage has no key."""
    _acknowledge(config, _in_packs(_NVME_RULES))


def _in_packs(rules: Mapping[str, str]) -> dict[str, str]:
    return {f"{pack}-{rule}": reason for pack in _PACKS for rule, reason in rules.items()}


def _acknowledge(scope: Construct, reasons: Mapping[str, str]) -> None:
    acknowledgments = [Acknowledgment(id=id_, reason=reason) for id_, reason in reasons.items()]
    Validations.of(scope).acknowledge(*acknowledgments)
