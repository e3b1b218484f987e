"""What the execution role of a model is allowed: exactly what its containers do.

The statements are plain data, one dictionary each, as IAM writes them: the construct makes one
policy of them, and prints them where it may not change a role. The list follows "CreateModel
API: Execution Role Permissions" of the SageMaker developer guide (sagemaker-roles), narrowed to
the resources of one model wherever the service allows it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TypeAlias

StatementValue: TypeAlias = str | list[str] | dict[str, dict[str, str | list[str]]]
Statement: TypeAlias = Mapping[str, StatementValue]

_LOG_GROUPS = "/aws/sagemaker/Endpoints"
_COMPONENTS = "/aws/sagemaker/InferenceComponents"
_METRIC_NAMESPACES = ["AWS/SageMaker", _LOG_GROUPS]


def allow(
    sid: str,
    actions: Sequence[str],
    resources: Sequence[str],
    condition: Mapping[str, Mapping[str, str | list[str]]] | None = None,
) -> Statement:
    """Return one statement that allows *actions* on *resources*.

    >>> allow("Read", ["s3:GetObject"], ["arn:aws:s3:::b/p/*"])["Sid"]
    'Read'
    """
    statement: dict[str, StatementValue] = {
        "Sid": sid,
        "Effect": "Allow",
        "Action": list(actions),
        "Resource": list(resources),
    }
    if condition:
        statement["Condition"] = {key: dict(value) for key, value in condition.items()}
    return statement


@cache
def partition() -> str:
    """Return the token of the partition: read once, as it costs a round trip to Node.js."""
    from aws_cdk import Aws

    return Aws.PARTITION


@cache
def account() -> str:
    """Return the token of the account, likewise read once."""
    from aws_cdk import Aws

    return Aws.ACCOUNT_ID


@cache
def region_token() -> str:
    """Return the token of the Region, likewise read once."""
    from aws_cdk import Aws

    return Aws.REGION


def pull_image(repository_arn: str) -> tuple[Statement, ...]:
    """Let SageMaker pull the image from its one repository."""
    return (
        # A registry's token is not bound to a repository: the action knows no resources.
        allow("GetRegistryToken", ["ecr:GetAuthorizationToken"], ["*"]),
        allow(
            "PullImage",
            ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            [repository_arn],
        ),
    )


def observability(
    *, region: str | None, endpoint_name: str | None, components: bool = False
) -> tuple[Statement, ...]:
    """Let the platform write the container's logs and metrics.

    Args:
        region: The Region as text; None where only CloudFormation knows it.
        endpoint_name: The endpoint's name as text, which narrows the log group to its own; None
            where CloudFormation makes the name up.
        components: Whether inference components lie on the endpoint, whose names are not known.
            Default: none do.
    """
    groups = f"arn:{partition()}:logs:{region or region_token()}:{account()}:log-group:"
    logs = f"{groups}{_LOG_GROUPS}/{endpoint_name or '*'}"
    resources = [logs, f"{logs}:log-stream:*"] if endpoint_name else [logs]
    namespaces = list(_METRIC_NAMESPACES)
    if components:
        resources.append(f"{groups}{_COMPONENTS}/*")
        namespaces.append(_COMPONENTS)
    return (
        allow(
            "WriteLogs",
            [
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:DescribeLogStreams",
                "logs:PutLogEvents",
            ],
            resources,
        ),
        # PutMetricData knows no resources; its namespace can be narrowed by a condition.
        allow(
            "WriteMetrics",
            ["cloudwatch:PutMetricData"],
            ["*"],
            {"StringEquals": {"cloudwatch:namespace": namespaces}},
        ),
    )


def network_interfaces() -> Statement:
    """Let SageMaker put the model's network interfaces into the VPC.

    The developer guide (host-vpc, sagemaker-roles) lists these actions on all resources: the
    describing ones know no narrower one, and the interfaces do not exist yet.
    """
    return allow(
        "UseNetworkInterfaces",
        [
            "ec2:CreateNetworkInterface",
            "ec2:CreateNetworkInterfacePermission",
            "ec2:DeleteNetworkInterface",
            "ec2:DeleteNetworkInterfacePermission",
            "ec2:DescribeDhcpOptions",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcEndpoints",
            "ec2:DescribeVpcs",
        ],
        ["*"],
    )


def volume_key(key_arn: str) -> Statement:
    """Let SageMaker encrypt the instances' volumes with a customer managed key."""
    return allow(
        "UseVolumeKey",
        [
            "kms:CreateGrant",
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:GenerateDataKeyWithoutPlaintext",
        ],
        [key_arn],
    )


def read_objects(bucket_arn: str, prefix: str, key_arn: str | None) -> tuple[Statement, ...]:
    """Let SageMaker read the model's files, and no others of the bucket.

    Args:
        bucket_arn: ARN of the bucket.
        prefix: Prefix that ends in ``/``, or the key of one object.
        key_arn: ARN of the key that the objects are encrypted with, if there is one.
    """
    objects = f"{bucket_arn}/{prefix}*" if _is_prefix(prefix) else f"{bucket_arn}/{prefix}"
    listed = f"{prefix}*" if _is_prefix(prefix) else prefix
    statements = [
        allow("ReadModel", ["s3:GetObject"], [objects]),
        allow(
            "ListModel", ["s3:ListBucket"], [bucket_arn], {"StringLike": {"s3:prefix": [listed]}}
        ),
    ]
    return (*statements, *decrypt("DecryptModel", key_arn))


def decrypt(sid: str, key_arn: str | None) -> tuple[Statement, ...]:
    """Let somebody read what is encrypted with a key; nothing where there is none."""
    return () if key_arn is None else (allow(sid, ["kms:Decrypt"], [key_arn]),)


def _is_prefix(prefix: str) -> bool:
    return not prefix or prefix.endswith("/")
