"""What passes by itself is waited for; what does not is told."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from staging_handler.aws import MANIFEST, PREFIX, Aws, about_store

NOT_YET = {"IsComplete": False}


@pytest.mark.parametrize("operation", ["ListBuildsForProject", "BatchGetBuilds", "StartBuild"])
@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ThrottlingException", 400),
        ("TooManyRequestsException", 429),
        ("InternalFailure", 500),
        ("ServiceUnavailable", 503),
    ],
)
def test_codebuild_that_is_busy_is_asked_again(
    aws: Aws, operation: str, code: str, status: int
) -> None:
    if operation == "BatchGetBuilds":
        aws.answer(aws.event(RequestId="earlier"))
        aws.codebuild.finish("FAILED")
        aws.clock.time += 60
    before = len(aws.codebuild.builds)
    aws.codebuild.faults.append((operation, code, status))
    event = aws.event()

    assert aws.answer(event) == NOT_YET
    assert len(aws.codebuild.builds) == before
    assert aws.poll(event) == NOT_YET
    assert len(aws.codebuild.builds) == before + 1


def test_an_account_whose_builds_are_all_taken_waits_for_its_turn(aws: Aws) -> None:
    aws.codebuild.quota = 1
    aws.codebuild.client.start_build(projectName="Stack_c8a1", idempotencyToken="other's")
    others = aws.codebuild.builds[0]["environment"]["environmentVariables"]
    others[:] = [{"name": "DESTINATION", "value": "s3://weights/Other/a/b/"}]
    event = aws.event()

    assert [aws.answer(event), aws.poll(event)] == [NOT_YET, NOT_YET]
    aws.codebuild.finish()
    aws.poll(event)

    assert aws.codebuild.statuses() == ["SUCCEEDED", "IN_PROGRESS"]


@pytest.mark.parametrize("code", ["SlowDown", "InternalError"])
def test_s3_that_is_busy_is_asked_again(aws: Aws, code: str) -> None:
    aws.s3.stage()
    aws.s3.refuse("GetObject", code)
    event = aws.event()

    assert aws.answer(event) == NOT_YET
    assert aws.codebuild.asked == []
    assert aws.poll(event)["IsComplete"]


@pytest.mark.parametrize(
    "fault",
    [
        ConnectTimeoutError(endpoint_url="https://s3"),
        EndpointConnectionError(endpoint_url="https://s3"),
        ReadTimeoutError(endpoint_url="https://s3"),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_a_network_that_fails_is_tried_again(aws: Aws, fault: Exception) -> None:
    faults = [fault]

    def fail(**_: object) -> None:
        if faults:
            raise faults.pop()

    aws.s3.on("GetObject", fail)
    aws.s3.stage()
    event = aws.event()

    assert aws.answer(event) == NOT_YET
    assert aws.poll(event)["IsComplete"]


def test_a_deletion_that_s3_slows_down_goes_on_later(aws: Aws) -> None:
    aws.s3.stage()
    aws.s3.refuse("DeleteObjects", "SlowDown")
    event = aws.event("Delete")

    assert aws.answer(event) == NOT_YET
    assert aws.poll(event) == {"IsComplete": True}
    assert aws.s3.keys() == set()


def _one_key_fails(code: str) -> Any:
    """Return what S3 answers, with status 200, where it could not delete one of many."""
    from staging_handler.codebuild import Http

    answers = [(Http(200), {"Errors": [{"Key": "k", "Code": code, "Message": "told to"}]})]
    return lambda **_: answers.pop() if answers else None


@pytest.mark.parametrize("code", ["SlowDown", "InternalError"])
def test_one_of_many_files_that_s3_is_too_busy_to_delete_is_deleted_later(
    aws: Aws, code: str
) -> None:
    aws.s3.stage()
    aws.s3.on("DeleteObjects", _one_key_fails(code))
    event = aws.event("Delete")

    assert aws.answer(event) == NOT_YET
    assert aws.s3.keys() >= {MANIFEST}
    assert aws.poll(event) == {"IsComplete": True}
    assert aws.s3.keys() == set()


def test_one_of_many_files_that_must_not_be_deleted_fails_the_deletion(aws: Aws) -> None:
    aws.s3.stage()
    aws.s3.on("DeleteObjects", _one_key_fails("AccessDenied"))

    with pytest.raises(ClientError, match="AccessDenied"):
        aws.answer(aws.event("Delete"))

    assert aws.s3.keys() >= {f"{PREFIX}model.safetensors"}


@pytest.mark.parametrize("operation", ["GetObject", "DeleteObjects", "ListObjectsV2"])
def test_what_the_role_may_not_do_is_told_at_once(aws: Aws, operation: str) -> None:
    aws.s3.stage()
    aws.s3.refuse(operation, "AccessDenied", status=403)

    with pytest.raises(ClientError, match="AccessDenied"):
        aws.answer(aws.event("Delete"))


def test_a_build_that_may_not_be_started_fails_the_deployment_at_once(aws: Aws) -> None:
    aws.codebuild.faults.append(("StartBuild", "AccessDeniedException", 400))

    with pytest.raises(ClientError, match="AccessDeniedException"):
        aws.answer(aws.event())


def test_a_bucket_that_s3_is_too_busy_to_list_is_emptied_later(aws: Aws) -> None:
    aws.s3.stage()
    aws.s3.refuse("ListObjectVersions", "SlowDown")

    assert aws.answer(about_store()) == NOT_YET
    assert aws.poll(about_store()) == {"IsComplete": True}
    assert aws.s3.keys() == set()
