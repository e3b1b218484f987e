from __future__ import annotations

import pytest

from sagemaker_model.staging.lambda_code.weights_handler.answers import StagingError
from staging_handler.aws import ERROR, ID, MANIFEST, PREFIX, TOMBSTONE, Aws

DATA = {"ManifestUri": f"s3://weights/{MANIFEST}", "Files": "2", "Bytes": "10"}


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_what_is_staged_already_is_complete_from_s3_alone(aws: Aws, kind: str) -> None:
    aws.s3.stage()

    assert aws.answer(aws.event(kind)) == {"IsComplete": True, "Data": DATA}
    assert aws.codebuild.asked == []


def test_a_rollback_to_staged_weights_asks_nobody_else(aws: Aws) -> None:
    aws.s3.stage()
    new = "s3://weights/Stack/c8a1/new/"
    event = aws.event("Update", PhysicalResourceId=new)

    assert aws.answer(event)["IsComplete"]
    assert event["PhysicalResourceId"] == ID
    assert aws.codebuild.asked == []


def test_what_is_not_staged_is_built_once_and_waited_for(aws: Aws) -> None:
    event = aws.event()

    first, second = aws.answer(event), aws.poll(event)
    aws.s3.stage()
    aws.codebuild.finish()
    last = aws.poll(event)

    assert (first, second) == ({"IsComplete": False}, {"IsComplete": False})
    assert last == {"IsComplete": True, "Data": DATA}
    assert aws.codebuild.statuses() == ["SUCCEEDED"]
    assert aws.codebuild.asked.count("StartBuild") == 1


def test_a_prefix_counts_as_staged_when_its_manifest_is_there_and_not_before(aws: Aws) -> None:
    aws.s3.put(f"{PREFIX}model.safetensors")

    assert not aws.answer(aws.event())["IsComplete"]


@pytest.mark.parametrize("text", [TOMBSTONE, {}, [], b"", b'{"fingerprint": "f"', b"\xff"])
def test_what_is_no_manifest_counts_as_none(aws: Aws, text: object) -> None:
    aws.s3.put(MANIFEST, text)

    assert not aws.answer(aws.event())["IsComplete"]
    assert aws.codebuild.statuses() == ["IN_PROGRESS"]


def test_a_build_of_an_earlier_deployment_that_still_runs_is_waited_for(aws: Aws) -> None:
    aws.answer(aws.event(RequestId="earlier"))
    aws.clock.time += 3600

    aws.answer(aws.event(RequestId="later"))

    assert aws.codebuild.statuses() == ["IN_PROGRESS"]


@pytest.mark.parametrize("status", ["FAILED", "FAULT", "STOPPED", "TIMED_OUT"])
def test_a_build_that_failed_before_this_request_is_built_again(aws: Aws, status: str) -> None:
    aws.answer(aws.event(RequestId="earlier"))
    aws.codebuild.finish(status)
    aws.clock.time += 60

    aws.answer(aws.event(RequestId="later"))

    assert aws.codebuild.statuses() == [status, "IN_PROGRESS"]


def test_a_build_of_another_prefix_of_the_project_is_none_of_ours(aws: Aws) -> None:
    aws.codebuild.destination = "s3://weights/Stack/c8a1/old/"
    aws.answer(aws.event(RequestId="earlier"))
    aws.codebuild.destination = ID

    aws.answer(aws.event(RequestId="later"))

    assert aws.codebuild.statuses() == ["IN_PROGRESS", "IN_PROGRESS"]


def test_a_duplicate_event_starts_no_second_build(aws: Aws) -> None:
    first, duplicate = aws.event(), aws.event()

    aws.answer(first)
    aws.answer(duplicate)

    assert aws.codebuild.statuses() == ["IN_PROGRESS"]


def test_a_build_that_is_listed_late_is_not_started_twice(aws: Aws) -> None:
    event = aws.event()
    aws.answer(event)
    hidden = aws.codebuild.builds.pop()

    aws.poll(event)
    aws.codebuild.builds.append(hidden)
    aws.poll(event)

    assert aws.codebuild.statuses() == ["IN_PROGRESS"]


def test_a_lost_build_is_started_anew_when_its_token_is_forgotten(aws: Aws) -> None:
    aws.codebuild.lost = 1
    event = aws.event()

    aws.answer(event)
    for _ in range(9):
        aws.poll(event)
    assert aws.codebuild.statuses() == []
    aws.poll(event)

    assert aws.codebuild.statuses() == ["IN_PROGRESS"]


def test_a_build_that_ends_while_it_is_looked_at_has_not_failed(aws: Aws) -> None:
    event = aws.event()
    aws.answer(event)
    aws.codebuild.finish()
    # The manifest is written after the handler has looked for it.
    aws.codebuild.hooks.add(
        "before-call.codebuild.ListBuildsForProject", lambda **_: aws.s3.stage()
    )

    assert aws.answer(event) == {"IsComplete": True, "Data": DATA}


@pytest.mark.parametrize("prefix", ["", "Stack/", "Stack/c8a1/", "Stack/c8a1/digest"])
def test_a_prefix_that_is_none_of_ours_is_refused(aws: Aws, prefix: str) -> None:
    event = aws.event()
    event["ResourceProperties"]["Prefix"] = prefix

    with pytest.raises(StagingError, match="no staged prefix: give a Prefix of three parts"):
        aws.answer(event)


def test_an_old_reason_is_not_given_for_a_new_failure(aws: Aws) -> None:
    aws.s3.put(ERROR, {"error": "the token is wrong", "at": 1})
    event = aws.event()
    aws.clock.time += 10**9  # moto's own clock, which dates the file, runs as ever
    event["StartedAt"] = str(aws.clock.time)
    aws.answer(event)
    aws.codebuild.finish("FAULT", "the machine broke")

    with pytest.raises(StagingError, match="FAULT: BUILD: the machine broke"):
        aws.poll(event)
