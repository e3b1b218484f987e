from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from staging_handler.aws import BUCKET, Aws, about_store

DONE = {"IsComplete": True}
NOT_YET = {"IsComplete": False}


def test_a_bucket_that_is_deleted_can_be_deleted_afterwards(aws: Aws) -> None:
    aws.s3.client.put_bucket_versioning(
        Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"}
    )
    aws.s3.stage()
    aws.s3.stage()
    aws.s3.client.delete_object(Bucket=BUCKET, Key="Stack/c8a1/0123abcd/config.json")
    aws.s3.begin_upload("Stack/c8a1/0123abcd/big")

    assert aws.answer(about_store()) == DONE
    assert aws.s3.versions() == 0
    assert aws.s3.uploads() == set()
    aws.s3.client.delete_bucket(Bucket=BUCKET)


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_a_bucket_that_is_not_deleted_keeps_all(aws: Aws, kind: str) -> None:
    aws.s3.stage()
    before = aws.s3.keys()

    assert aws.answer(about_store(kind)) == DONE
    assert aws.s3.keys() == before


def test_after_a_change_of_buckets_the_old_one_is_emptied_and_the_new_one_is_not(aws: Aws) -> None:
    aws.s3.stage()
    aws.s3.client.create_bucket(Bucket="old")
    aws.s3.client.put_object(Bucket="old", Key="left")
    before = aws.s3.keys()

    update = about_store("Update", PhysicalResourceId="s3://old")
    assert update["PhysicalResourceId"] == f"s3://{BUCKET}"
    assert aws.answer(update) == DONE
    # CloudFormation deletes the old one by its id.
    assert aws.answer(about_store(PhysicalResourceId="s3://old")) == DONE

    assert aws.s3.keys() == before
    assert "Contents" not in aws.s3.client.list_objects_v2(Bucket="old")


def test_a_large_bucket_is_emptied_over_several_calls(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "10")
    for number in range(15):
        aws.s3.put(str(number), b"")

    aws.clock.tick = 500
    assert aws.answer(about_store()) == NOT_YET
    assert len(aws.s3.keys()) == 5
    aws.clock.tick = 0

    assert aws.answer(about_store()) == DONE
    assert aws.s3.keys() == set()


def test_a_bucket_that_is_gone_needs_no_emptying(aws: Aws) -> None:
    assert aws.answer(about_store(bucket="gone")) == DONE


@pytest.mark.parametrize("other", [f"s3://{BUCKET}/", f"s3://{BUCKET}/a/", BUCKET, "s3://"])
def test_what_is_no_bucket_of_ours_is_never_emptied(aws: Aws, other: str) -> None:
    aws.s3.stage()
    before = aws.s3.keys()

    assert aws.answer(about_store(PhysicalResourceId=other)) == DONE
    assert aws.s3.keys() == before


def test_a_bucket_that_may_not_be_emptied_fails_the_deletion(aws: Aws) -> None:
    aws.s3.refuse("ListObjectVersions", "AccessDenied", status=403)

    with pytest.raises(ClientError, match="AccessDenied"):
        aws.answer(about_store())
