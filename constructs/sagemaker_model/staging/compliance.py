"""What cdk-nag's rule packs say of staging and no argument can change, with the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from constructs import Construct

from sagemaker_model.compliance import (
    HIPAA,
    NIST,
    PCI,
    acknowledge_rules,
    in_all_packs,
    in_packs,
    wildcard_rules,
)
from sagemaker_model.permissions import Statement

_FRAMEWORK = "It is how aws-cdk-lib's provider framework lets its functions call ours."
_BASIC = "The role is made by aws-cdk-lib's provider framework; the policy lets it write its log."
_CALLER = "CloudFormation alone calls it, once for each model of a deployment."
_ANSWER = "CloudFormation waits for its answer and shows a failure; no event is lost."
_CALLS = "It calls S3, CodeBuild and CloudFormation alone, and touches no weights."
_LOG = "It names files and errors, never a token; CloudWatch encrypts it with a key of its own."
_INLINE = "The policy belongs to what it is for and is deleted with it."
_PART = "They are the files, builds and log of one stack, whose names are made at deployment."


def acknowledge_provider(
    scope: Construct,
    *,
    handlers: Iterable[str],
    framework: Iterable[str],
) -> None:
    """Acknowledge what the provider can't do otherwise.

    Args:
        scope: The provider.
        handlers: ARNs of our functions.
        framework: ARNs of the framework's functions that its state machine calls.
    """
    arns = [f"{arn}:*" for arn in (*handlers, *framework)]
    basic = (
        "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/"
        "AWSLambdaBasicExecutionRole]"
    )
    acknowledge_rules(
        scope,
        {
            **wildcard_rules(scope, dict.fromkeys(arns, _FRAMEWORK)),
            basic: _BASIC,
            **dict.fromkeys(in_all_packs("IAMNoInlinePolicy"), _INLINE),
            "AwsSolutions-SF1": "It waits; what it waits for is in its functions' log.",
            "AwsSolutions-SF2": "It waits; there is nothing to trace.",
            **dict.fromkeys(in_packs("LambdaConcurrency", HIPAA, NIST), _CALLER),
            **dict.fromkeys(in_packs("LambdaDLQ", HIPAA, NIST), _ANSWER),
            **dict.fromkeys(in_all_packs("LambdaInsideVPC"), _CALLS),
            **_log_group(),
        },
    )


def acknowledge_policy(policy: Construct, statements: Sequence[Statement]) -> None:
    """Acknowledge the wildcards of a policy, and that it is inline."""
    wild = {each: _PART for one in statements for each in one["Resource"] if "*" in each}
    acknowledge_rules(
        policy,
        {
            **wildcard_rules(policy, wild),
            **dict.fromkeys(in_all_packs("IAMNoInlinePolicy"), _INLINE),
        },
    )


def acknowledge_build(scope: Construct) -> None:
    """Acknowledge what is said of a project and its log group."""
    source = "The sources are assets in S3; no credentials of a repository are involved."
    artifacts = "The build makes no artifacts that a key could encrypt."
    acknowledge_rules(
        scope,
        {
            "AwsSolutions-CB4": artifacts,
            **dict.fromkeys(in_packs("CodeBuildProjectSourceRepoUrl", HIPAA, PCI), source),
            **_log_group(),
        },
    )


def acknowledge_bucket(scope: Construct) -> None:
    """Acknowledge what a store of weights does not need."""
    versions = (
        "A staged file is never overwritten, as its prefix names its contents, and can be staged "
        "again; versions would keep every deleted model."
    )
    copies = "What is staged can be staged again; other Regions get copies by from_staged."
    acknowledge_rules(
        scope,
        {
            **dict.fromkeys(in_all_packs("S3BucketVersioningEnabled"), versions),
            **dict.fromkeys(in_all_packs("S3BucketReplicationEnabled"), copies),
        },
    )


def _log_group() -> Mapping[str, str]:
    return dict.fromkeys(in_all_packs("CloudWatchLogGroupEncrypted"), _LOG)
