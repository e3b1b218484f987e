from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from sagemaker_model.staging.lambda_code.weights_handler.answers import StagingError
from staging_handler.aws import BUCKET, MANIFEST, TOMBSTONE, Aws

URI = f"s3://{BUCKET}/{MANIFEST}"
CONTENT = {"fingerprint": "f", "files": []}
DIGEST = hashlib.sha256(json.dumps(CONTENT).encode()).hexdigest()


def about_manifest(kind: str = "Create", **properties: str) -> dict[str, Any]:
    return {
        "RequestType": kind,
        "ResourceType": "Custom::SageMakerModelManifest",
        "PhysicalResourceId": URI,
        "ResourceProperties": {"ManifestUri": URI, **properties},
    }


@pytest.mark.parametrize("kind", ["Create", "Update"])
@pytest.mark.parametrize("properties", [{}, {"Sha256": DIGEST}])
def test_files_that_are_staged_may_be_used(aws: Aws, kind: str, properties: dict[str, str]) -> None:
    aws.s3.put(MANIFEST, CONTENT)

    assert aws.answer(about_manifest(kind, **properties)) == {"IsComplete": True}
    assert aws.codebuild.asked == []


@pytest.mark.parametrize("text", [TOMBSTONE, b"", b"[]", {"note": '"fingerprint"'}])
def test_what_is_no_manifest_fails_the_deployment(aws: Aws, text: object) -> None:
    aws.s3.put(MANIFEST, text)

    with pytest.raises(StagingError, match="is not there, or this account may not read it"):
        aws.answer(about_manifest())


@pytest.mark.parametrize(("code", "status"), [("AccessDenied", 403), ("NoSuchKey", 404)])
def test_what_is_missing_fails_the_deployment_also_where_s3_does_not_tell_it_from_forbidden(
    aws: Aws, code: str, status: int
) -> None:
    aws.s3.refuse("GetObject", code, status=status)

    with pytest.raises(StagingError, match="deploy what stages the files first"):
        aws.answer(about_manifest())


def test_other_files_than_those_that_were_meant_fail_the_deployment(aws: Aws) -> None:
    aws.s3.put(MANIFEST, CONTENT)

    with pytest.raises(StagingError, match=f"has the SHA-256 {DIGEST}, not {'0' * 64}"):
        aws.answer(about_manifest(Sha256="0" * 64))


def test_a_bucket_that_is_busy_is_asked_again(aws: Aws) -> None:
    aws.s3.put(MANIFEST, CONTENT)
    aws.s3.refuse("GetObject", "SlowDown")

    assert aws.answer(about_manifest()) == {"IsComplete": False}
    assert aws.poll(about_manifest()) == {"IsComplete": True}


def test_deleting_the_use_of_files_deletes_none(aws: Aws) -> None:
    aws.s3.put(MANIFEST, CONTENT)

    assert aws.answer(about_manifest("Delete")) == {"IsComplete": True}
    assert aws.s3.keys() == {MANIFEST}
