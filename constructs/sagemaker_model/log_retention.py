"""How long the logs of an endpoint are kept, in a log group that is not of the stack.

SageMaker makes the log group. A group of the stack's own would collide with it, and be deleted with
the stack just when it is needed: after a deployment that failed. So it is made where it is missing,
told how long to keep what is in it, and otherwise left alone.
"""

from __future__ import annotations

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import custom_resources as resources
from constructs import Construct

from sagemaker_model.compliance import (
    HIPAA,
    NIST,
    acknowledge_rules,
    allow_redundant_dependencies,
    in_all_packs,
    in_packs,
    wildcard_rules,
)
from sagemaker_model.hosting.limits import check_choice, check_whole

FUNCTION_LOG = "SageMakerModelLogRetention"
"""Id of the stack's child with the log of the function that calls CloudWatch Logs."""

# PutRetentionPolicy in the CloudWatch Logs API reference.
# fmt: off
_DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
)
# fmt: on
_CALLS = "AWS679f53fac002430cb0da5b7982bd2287"  # aws-cdk-lib's id of the function that calls AWS
_BASIC = (
    "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/"
    "AWSLambdaBasicExecutionRole]"
)


def make_log_retention(scope: Construct, group: logs.ILogGroup, days: int) -> Construct:
    """Have a log group keep what is in it for *days*; nothing is undone on deletion.

    Args:
        scope: The model.
        group: The log group.
        days: Days.

    Raises:
        TypeError: *days* is no whole number.
        ValueError: CloudWatch Logs knows no such retention.
    """
    check_whole("days", days)
    check_choice("days", days, _DAYS)
    parent = Construct(scope, "LogRetention")
    name, arn = group.log_group_name, group.log_group_arn
    made = _call(
        parent,
        "Group",
        "createLogGroup",
        arn,
        {"logGroupName": name},
        ignored="ResourceAlreadyExistsException",
    )
    told = {"logGroupName": name, "retentionInDays": days}
    _call(parent, "Retention", "putRetentionPolicy", arn, told).node.add_dependency(made)
    _acknowledge(parent, arn)
    return parent


def _call(
    scope: Construct,
    id_: str,
    action: str,
    arn: str,
    parameters: dict[str, object],
    *,
    ignored: str | None = None,
) -> resources.AwsCustomResource:
    """Call an action of CloudWatch Logs when it is first deployed, and when it changes."""
    call = resources.AwsSdkCall(
        service="CloudWatchLogs",
        action=action,
        parameters=parameters,
        physical_resource_id=resources.PhysicalResourceId.of(id_),
        ignore_error_codes_matching=ignored,
    )
    may = iam.PolicyStatement(actions=[f"logs:{action[0].upper()}{action[1:]}"], resources=[arn])
    return resources.AwsCustomResource(
        scope,
        id_,
        on_update=call,
        policy=resources.AwsCustomResourcePolicy.from_statements([may]),
        # The one of the function's runtime does, and asks no registry for a newer one.
        install_latest_aws_sdk=False,
        log_group=_function_log(Stack.of(scope)),
    )


def _function_log(stack: Stack) -> logs.LogGroup:
    """Return the function's own log group, which Lambda would otherwise leave behind for ever."""
    found = stack.node.try_find_child(FUNCTION_LOG)
    if isinstance(found, logs.LogGroup):
        return found
    group = logs.LogGroup(
        stack,
        FUNCTION_LOG,
        retention=logs.RetentionDays.ONE_MONTH,
        removal_policy=RemovalPolicy.DESTROY,
    )
    told = "It tells how long logs are kept; CloudWatch encrypts it with a key of its own."
    acknowledge_rules(group, dict.fromkeys(in_all_packs("CloudWatchLogGroupEncrypted"), told))
    return group


def _acknowledge(scope: Construct, arn: str) -> None:
    """Acknowledge what cdk-nag's packs say, and no argument can change."""
    streams = "It is one log group; the ARN that IAM compares ends in a wildcard for its streams."
    inline = "The policy belongs to one model and is deleted with it."
    acknowledge_rules(
        scope,
        {
            **wildcard_rules(scope, {arn: streams}),
            **dict.fromkeys(in_all_packs("IAMNoInlinePolicy"), inline),
        },
    )
    function = Stack.of(scope).node.try_find_child(_CALLS)
    if not isinstance(function, Construct):
        return
    allow_redundant_dependencies(function)
    basic = "The role is made by aws-cdk-lib; the policy lets the function write its log."
    caller = "CloudFormation alone calls it, waits for its answer and shows a failure."
    acknowledge_rules(
        function,
        {
            _BASIC: basic,
            **dict.fromkeys(in_packs("LambdaConcurrency", HIPAA, NIST), caller),
            **dict.fromkeys(in_packs("LambdaDLQ", HIPAA, NIST), caller),
            **dict.fromkeys(in_all_packs("LambdaInsideVPC"), "It calls CloudWatch Logs alone."),
        },
    )
