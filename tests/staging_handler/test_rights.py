"""What the handlers ask of AWS is what their role is let do: no more, and nothing less."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

import pytest

from sagemaker_model.permissions import Statement
from sagemaker_model.staging.lambda_code.weights_handler.answers import StagingError
from sagemaker_model.staging.rights import (
    Place,
    custom_resource_rights,
    empty_rights,
    start_builds,
)
from staging_handler.aws import BUCKET, ERROR, PREFIX, Aws, about_store

ARN = f"arn:aws:s3:::{BUCKET}"
PLACE = Place(bucket_arn=ARN, prefix="Stack/", key_arn=None)
Asked = tuple[str, str, Mapping[str, str]]
"""An action, its resource, and what conditions look at."""
# Actions of S3's operations, from the service authorization reference.
ON_OBJECT = {
    "GetObject": "s3:GetObject",
    "GetObjectTagging": "s3:GetObjectTagging",
    "PutObject": "s3:PutObject",
    "PutObjectTagging": "s3:PutObjectTagging",
    "AbortMultipartUpload": "s3:AbortMultipartUpload",
}
ON_BUCKET = {
    "ListObjectsV2": "s3:ListBucket",
    "ListObjectVersions": "s3:ListBucketVersions",
    "ListMultipartUploads": "s3:ListBucketMultipartUploads",
}


def asked(operation: str, params: Mapping[str, Any]) -> Iterator[Asked]:
    """Return what S3 asks IAM before it answers."""
    if operation == "DeleteObjects":
        for each in params["Delete"]["Objects"]:
            action = "s3:DeleteObjectVersion" if "VersionId" in each else "s3:DeleteObject"
            yield action, f"{ARN}/{each['Key']}", {}
    elif operation in ON_OBJECT:
        yield ON_OBJECT[operation], f"{ARN}/{params['Key']}", {}
    else:
        prefix = {"s3:prefix": params["Prefix"]} if "Prefix" in params else {}
        yield ON_BUCKET[operation], ARN, prefix
    if operation == "GetObject":
        # Whether a key that is not there is told from one that is forbidden.
        yield "s3:ListBucket", ARN, {}


def is_allowed(request: Asked, statements: Iterable[Statement]) -> bool:
    action, resource, context = request
    return any(
        action in statement["Action"]
        and any(fnmatchcase(resource, str(pattern)) for pattern in statement["Resource"])
        and holds(statement.get("Condition", {}), context)
        for statement in statements
    )


def holds(condition: Any, context: Mapping[str, str]) -> bool:
    """Return whether a condition holds; only one kind is known, of which a lacking key is none."""
    assert set(condition) <= {"StringLikeIfExists"}
    return all(
        key not in context or any(fnmatchcase(context[key], pattern) for pattern in patterns)
        for key, patterns in condition.get("StringLikeIfExists", {}).items()
    )


Allow = Callable[[Iterable[Statement]], set[str]]


@pytest.fixture
def allow(aws: Aws) -> Allow:
    """Return a function that refuses from now on what is not allowed, and tells what was used."""

    def refuse_all_but(statements: Iterable[Statement]) -> set[str]:
        rights, used = tuple(statements), set[str]()

        def check(params: Mapping[str, Any], model: Any, **_: object) -> None:
            for request in asked(model.name, params):
                assert is_allowed(request, rights), request
                used.add(request[0])

        aws.s3.hooks.add("before-parameter-build.s3", check)
        return used

    return refuse_all_but


def actions(statements: Iterable[Statement]) -> set[str]:
    return {action for statement in statements for action in statement["Action"]}


def test_the_life_of_weights_needs_just_the_rights_of_its_stack(aws: Aws, allow: Allow) -> None:
    aws.answer(aws.event())
    aws.s3.put(ERROR, {"error": "told to"})
    aws.codebuild.finish("FAILED")
    rights = custom_resource_rights(PLACE)
    used_first = allow(rights)

    with pytest.raises(StagingError, match="told to"):
        aws.poll(aws.event())
    aws.s3.hooks.remove_all()
    aws.s3.stage()
    aws.s3.begin_upload(f"{PREFIX}big")
    used = allow(rights)
    assert aws.answer(aws.event("Update"))["IsComplete"]
    aws.stack.status = "ROLLBACK_IN_PROGRESS"
    assert aws.answer(aws.event("Delete"))["IsComplete"]
    aws.s3.stage()
    aws.stack.status = "DELETE_IN_PROGRESS"
    assert aws.answer(aws.event("Delete"))["IsComplete"]

    assert used_first | used == actions(rights)


def test_weights_of_another_stack_are_out_of_reach(aws: Aws, allow: Allow) -> None:
    other = "Other/c8a1/0123abcd/"
    aws.s3.stage(other)
    allow(custom_resource_rights(PLACE))

    with pytest.raises(AssertionError, match="s3:GetObject"):
        aws.answer(aws.event("Delete", PhysicalResourceId=f"s3://{BUCKET}/{other}"))


@pytest.mark.parametrize("versioning", ["Enabled", "Suspended"])
def test_emptying_a_bucket_needs_just_the_rights_for_that(
    aws: Aws, allow: Allow, versioning: str
) -> None:
    aws.s3.put("before")
    aws.s3.client.put_bucket_versioning(
        Bucket=BUCKET, VersioningConfiguration={"Status": versioning}
    )
    aws.s3.stage()
    aws.s3.begin_upload("big")
    used = allow(empty_rights(ARN))

    assert aws.answer(about_store())["IsComplete"]

    assert used <= actions(empty_rights(ARN))
    assert {"s3:DeleteObjectVersion", "s3:AbortMultipartUpload"} <= used


def test_builds_need_just_the_rights_to_run_them(aws: Aws) -> None:
    event = aws.event()
    aws.answer(event)
    aws.poll(event)
    aws.answer(aws.event("Delete"))

    assert {f"codebuild:{name}" for name in aws.codebuild.asked} == actions(start_builds("*"))
