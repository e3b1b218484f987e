"""What a deployment that failed had staged is left for the next one, and looks finished no more."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from staging_handler.aws import LEFT, MANIFEST, PLAN, PREFIX, Aws

DONE = {"IsComplete": True}
NOT_YET = {"IsComplete": False}
UNFINISHED = {"staging": "unfinished"}
UNDONE = (
    "ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
)


@pytest.mark.parametrize("status", UNDONE)
def test_files_of_a_deployment_that_failed_stay_and_expire(aws: Aws, status: str) -> None:
    aws.s3.stage()
    aws.stack.status = status

    assert aws.answer(aws.event("Delete")) == DONE
    left = {f"{PREFIX}config.json", f"{PREFIX}model.safetensors", PLAN, LEFT}
    assert aws.s3.keys() == left
    assert {key for key in left if aws.s3.tags(key) != UNFINISHED} == set()


def test_the_prefix_looks_finished_no_more(aws: Aws) -> None:
    aws.s3.stage()
    aws.stack.status = "ROLLBACK_IN_PROGRESS"
    aws.answer(aws.event("Delete"))

    assert aws.s3.keys(MANIFEST) == set()
    assert aws.answer(aws.event()) == NOT_YET
    assert aws.codebuild.statuses() == ["IN_PROGRESS"]


def test_what_was_staged_is_still_told_beside_the_prefix(aws: Aws) -> None:
    aws.s3.stage()
    told = aws.s3.client.get_object(Bucket="weights", Key=MANIFEST)["Body"].read()
    aws.stack.status = "ROLLBACK_IN_PROGRESS"

    aws.answer(aws.event("Delete"))

    assert aws.s3.client.get_object(Bucket="weights", Key=LEFT)["Body"].read() == told


@pytest.mark.parametrize(
    "status", ["DELETE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_IN_PROGRESS"]
)
def test_what_is_deleted_or_replaced_on_purpose_is_gone(aws: Aws, status: str) -> None:
    aws.s3.stage()
    aws.stack.status = status

    assert aws.answer(aws.event("Delete")) == DONE
    assert aws.s3.keys() == set()


def test_what_was_left_goes_with_the_prefix_that_was_finished_after_it(aws: Aws) -> None:
    aws.s3.stage()
    aws.stack.status = "ROLLBACK_IN_PROGRESS"
    aws.answer(aws.event("Delete"))
    aws.s3.stage()
    aws.stack.status = "DELETE_IN_PROGRESS"

    assert aws.answer(aws.event("Delete")) == DONE
    assert aws.s3.keys() == set()


def test_tags_of_others_stay(aws: Aws) -> None:
    aws.s3.stage()
    bill = {"Key": "cost-center", "Value": "7"}
    aws.s3.client.put_object_tagging(
        Bucket="weights", Key=f"{PREFIX}config.json", Tagging={"TagSet": [bill]}
    )
    aws.stack.status = "ROLLBACK_IN_PROGRESS"

    aws.answer(aws.event("Delete"))

    assert aws.s3.tags(f"{PREFIX}config.json") == {"cost-center": "7", **UNFINISHED}


def test_more_files_than_one_call_can_tag_take_several(aws: Aws) -> None:
    aws.s3.stage()
    aws.stack.status = "ROLLBACK_IN_PROGRESS"
    aws.clock.tick = 9 * 60

    assert aws.answer(aws.event("Delete")) == NOT_YET
    assert aws.s3.tags(f"{PREFIX}config.json") == {}
    assert aws.answer(aws.event()) == NOT_YET, "it must not look finished meanwhile"

    aws.clock.tick = 0
    aws.codebuild.finish("STOPPED")
    assert aws.answer(aws.event("Delete")) == DONE
    assert aws.s3.tags(f"{PREFIX}config.json") == UNFINISHED
    assert aws.s3.keys(LEFT) == {LEFT}


def test_a_stack_that_cannot_be_looked_at_fails_the_deletion_and_deletes_nothing(aws: Aws) -> None:
    aws.s3.stage()
    before = aws.s3.keys()
    event = aws.event("Delete", StackId="arn:aws:cloudformation:us-east-1:1:stack/Other/1")

    with pytest.raises(ClientError, match="there is no such stack"):
        aws.answer(event)
    assert aws.s3.keys() == before


def test_a_file_that_somebody_deletes_meanwhile_is_no_error(aws: Aws) -> None:
    aws.s3.stage()
    aws.stack.status = "ROLLBACK_IN_PROGRESS"
    aws.s3.refuse("GetObjectTagging", "NoSuchKey", status=404)

    assert aws.answer(aws.event("Delete")) == DONE
