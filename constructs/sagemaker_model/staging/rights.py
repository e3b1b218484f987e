"""What the build and the custom resource may do: exactly what staging needs.

Rights of the build cover the construct's whole prefix, and those of the custom resource the
stack's: CloudFormation changes policies before an endpoint moves to new weights, and deletes the
old ones last.
"""

from __future__ import annotations

from dataclasses import dataclass

from sagemaker_model.permissions import (
    Statement,
    account,
    allow,
    partition,
    read_objects,
    region_token,
)


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
    return (
        allow(
            "WriteStagedFiles",
            [
                "s3:AbortMultipartUpload",
                "s3:DeleteObject",
                "s3:DeleteObjectTagging",
                "s3:GetObjectTagging",
                "s3:ListMultipartUploadParts",
                "s3:PutObject",
                "s3:PutObjectTagging",
            ],
            [own.objects],
        ),
        *read_objects(store.bucket_arn, store.prefix, None),
        # Listing uploads knows no prefix as a condition (service authorization reference of S3).
        allow("ListUploads", ["s3:ListBucketMultipartUploads"], [store.bucket_arn]),
        *_use_key(store),
    )


def custom_resource_rights(stack: Place) -> tuple[Statement, ...]:
    """Let the custom resource look after all that a stack stages in one store."""
    return (
        allow(
            "KeepStagedFiles",
            ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            [stack.objects],
        ),
        allow(
            "ListStagedFiles",
            ["s3:ListBucket"],
            [stack.bucket_arn],
            {"StringLike": {"s3:prefix": [f"{stack.prefix}*"]}},
        ),
        allow("ListUploads", ["s3:ListBucketMultipartUploads"], [stack.bucket_arn]),
        *_use_key(stack),
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


def _use_key(place: Place) -> tuple[Statement, ...]:
    if place.key_arn is None:
        return ()
    return (allow("UseStoreKey", ["kms:Decrypt", "kms:GenerateDataKey"], [place.key_arn]),)
