"""What the build and the custom resource may do: exactly what staging needs.

Rights of the build cover the construct's whole prefix, and those of the custom resource the
stack's: CloudFormation changes policies before an endpoint moves to new weights, and deletes the
old ones last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sagemaker_model.permissions import Statement, account, allow, decrypt, partition, region_token

if TYPE_CHECKING:
    from aws_cdk import aws_secretsmanager as secretsmanager


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A bucket, or a part of it.

    Args:
        bucket_arn: ARN of the bucket.
        prefix: What keys begin with; empty, or ending with a slash.
        key_arn: ARN of the key that objects are encrypted with; None where S3's own does.
    """

    bucket_arn: str
    prefix: str
    key_arn: str | None

    @property
    def objects(self) -> str:
        """ARN of all objects."""
        return f"{self.bucket_arn}/{self.prefix}*"


def build_rights(own: Place, store: Place) -> tuple[Statement, ...]:
    """Let a build write below its construct's prefix, and copy what the store has already.

    Args:
        own: The construct's prefix.
        store: The whole store, which equal files are copied from.
    """
    actions = [
        "AbortMultipartUpload",
        "DeleteObject",
        "DeleteObjectTagging",
        "GetObjectTagging",
        "ListMultipartUploadParts",
        "PutObject",
        "PutObjectTagging",
    ]
    return (
        allow("WriteStagedFiles", [f"s3:{action}" for action in actions], [own.objects]),
        allow("ReadStore", ["s3:GetObject"], [store.objects]),
        *_list(store),
        *_use_key(store),
    )


def read_assets(objects: Iterable[str]) -> Statement:
    """Let a build fetch its sources.

    Args:
        objects: ARNs of the assets' objects.
    """
    return allow("ReadSources", ["s3:GetObject", "s3:GetObjectVersion"], sorted(set(objects)))


def write_log(log_group_arn: str) -> Statement:
    """Let somebody write to a log group of its own."""
    stream = f"{log_group_arn.removesuffix(':*')}:*"
    return allow("WriteLog", ["logs:CreateLogStream", "logs:PutLogEvents"], [stream])


def read_secret(secret: secretsmanager.ISecret) -> tuple[Statement, ...]:
    """Let a build read the Hub token."""
    # Without its last six characters, which only Secrets Manager knows, an ARN needs a pattern.
    arn = secret.secret_full_arn or f"{secret.secret_arn}-??????"
    key = secret.encryption_key
    return (
        allow("ReadHubToken", ["secretsmanager:GetSecretValue"], [arn]),
        *decrypt("DecryptHubToken", key.key_arn if key else None),
    )


def custom_resource_rights(stack: Place) -> tuple[Statement, ...]:
    """Let the custom resource look after all that a stack stages in one store."""
    actions = [
        "AbortMultipartUpload",
        "DeleteObject",
        "GetObject",
        "GetObjectTagging",
        "PutObject",
        "PutObjectTagging",
    ]
    return (
        allow("KeepStagedFiles", [f"s3:{action}" for action in actions], [stack.objects]),
        *_list(stack),
        *_use_key(stack),
    )


def _list(place: Place) -> tuple[Statement, ...]:
    """Let somebody list what lies there, and be told that a file does not.

    S3 says so only to those who may list the bucket, and asks that without a prefix.
    """
    condition = {"StringLikeIfExists": {"s3:prefix": [f"{place.prefix}*"]}}
    return (
        allow(
            "ListObjects",
            ["s3:ListBucket"],
            [place.bucket_arn],
            condition if place.prefix else None,
        ),
        # Listing uploads knows no prefix as a condition (service authorization reference of S3).
        allow("ListUploads", ["s3:ListBucketMultipartUploads"], [place.bucket_arn]),
    )


def empty_rights(bucket_arn: str) -> tuple[Statement, ...]:
    """Let the custom resource empty a bucket that is deleted with its stack."""
    return (
        allow(
            "EmptyBucket",
            ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:DeleteObjectVersion"],
            [f"{bucket_arn}/*"],
        ),
        allow(
            "ListBucketToEmpty",
            ["s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions"],
            [bucket_arn],
        ),
    )


def start_builds(project_names: str) -> tuple[Statement, ...]:
    """Let the custom resource run the builds of one stack.

    Args:
        project_names: Pattern of the projects' names.
    """
    projects = f"arn:{partition()}:codebuild:{region_token()}:{account()}:project/{project_names}"
    actions = ["BatchGetBuilds", "ListBuildsForProject", "StartBuild", "StopBuild"]
    return (allow("RunBuilds", [f"codebuild:{action}" for action in actions], [projects]),)


def see_rollback(stack_id: str) -> Statement:
    """Let the custom resource see whether its stack undoes a deployment that failed.

    Args:
        stack_id: ARN of the stack.
    """
    return allow("SeeRollback", ["cloudformation:DescribeStacks"], [stack_id])


def _use_key(place: Place) -> tuple[Statement, ...]:
    if place.key_arn is None:
        return ()
    return (allow("UseStoreKey", ["kms:Decrypt", "kms:GenerateDataKey"], [place.key_arn]),)
