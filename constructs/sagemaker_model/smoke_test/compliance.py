"""What cdk-nag's rule packs say of smoke tests and no argument can change, with the evidence."""

from __future__ import annotations

from collections.abc import Iterable

from constructs import Construct

from sagemaker_model.compliance import (
    HIPAA,
    NIST,
    acknowledge_rules,
    in_all_packs,
    in_packs,
    wildcard_rules,
)
from sagemaker_model.permissions import Statement

_CALLER = "CloudFormation calls it once for each deployment, and an update's clock once a minute."
_ANSWER = "CloudFormation waits for its answer and shows a failure; no event is lost."
_CALLS = "It calls SageMaker, S3 and CloudFormation alone."
_LOG = "It has the first part of an answer to a test; CloudWatch encrypts it with its own key."
_INLINE = "The policy belongs to what it is for and is deleted with it."
_STREAM = "They are the streams of its own log, whose names are made when it runs."
_FILES = "They are one endpoint's requests and answers, whose names are made when it is asked."
_ROLLS_BACK = "It rolls an update back, and is no call for anybody."


def acknowledge_provider(scope: Construct, log_group_arn: str) -> None:
    """Acknowledge what the function, its role and its log can't do otherwise.

    Args:
        scope: The provider.
        log_group_arn: ARN of the log.
    """
    streams = f"{log_group_arn.removesuffix(':*')}:*"
    acknowledge_rules(
        scope,
        {
            **wildcard_rules(scope, {streams: _STREAM}),
            **dict.fromkeys(in_all_packs("IAMNoInlinePolicy"), _INLINE),
            **dict.fromkeys(in_packs("LambdaConcurrency", HIPAA, NIST), _CALLER),
            **dict.fromkeys(in_packs("LambdaDLQ", HIPAA, NIST), _ANSWER),
            **dict.fromkeys(in_all_packs("LambdaInsideVPC"), _CALLS),
            **dict.fromkeys(in_all_packs("CloudWatchLogGroupEncrypted"), _LOG),
        },
    )


def acknowledge_policy(scope: Construct, statements: Iterable[Statement]) -> None:
    """Acknowledge that an endpoint's policy is inline, and its wildcards."""
    wild = {each: _FILES for one in statements for each in one["Resource"] if "*" in each}
    acknowledge_rules(
        scope,
        {
            **wildcard_rules(scope, wild),
            **dict.fromkeys(in_all_packs("IAMNoInlinePolicy"), _INLINE),
        },
    )


def acknowledge_alarm(scope: Construct) -> None:
    """Acknowledge that an alarm that only rolls back calls nobody."""
    rules = in_packs("CloudWatchAlarmAction", HIPAA, NIST)
    acknowledge_rules(scope, dict.fromkeys(rules, _ROLLS_BACK))
