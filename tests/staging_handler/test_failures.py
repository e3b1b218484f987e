from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_model.staging.lambda_code.weights_handler.answers import StagingError
from staging_handler.aws import ERROR, ID, PREFIX, Aws
from staging_handler.codebuild import LOG, Http

HOUR = 3600


@pytest.mark.parametrize("status", ["FAILED", "FAULT", "STOPPED", "TIMED_OUT"])
def test_a_build_that_fails_fails_the_deployment_with_its_own_words_and_its_log(
    aws: Aws, status: str
) -> None:
    event = aws.event()
    aws.answer(event)
    aws.codebuild.finish(status, "exit status 1", phase="PRE_BUILD")

    with pytest.raises(StagingError) as failure:
        aws.poll(event)

    build = aws.codebuild.builds[0]["id"]
    assert str(failure.value) == (
        f"the build of {ID} is {status}: PRE_BUILD: exit status 1 (log: {build} {LOG})"
    )


def test_what_the_program_says_of_its_failure_comes_before_the_exit_status(aws: Aws) -> None:
    event = aws.event()
    aws.answer(event)
    aws.s3.put(ERROR, {"error": "org/name is gated: accept its licence", "at": 1})
    aws.codebuild.finish("FAILED", "exit status 1")

    with pytest.raises(StagingError) as failure:
        aws.poll(event)

    assert "FAILED: org/name is gated: accept its licence (log: " in str(failure.value)


@pytest.mark.parametrize("text", [b"", b"[]", {"at": 1}])
def test_a_reason_that_cannot_be_read_leaves_that_of_the_phase(aws: Aws, text: object) -> None:
    event = aws.event()
    aws.answer(event)
    aws.s3.put(ERROR, text)
    aws.codebuild.finish("FAILED", "exit status 1")

    with pytest.raises(StagingError, match="FAILED: BUILD: exit status 1"):
        aws.poll(event)


def test_a_failure_without_any_reason_still_names_the_build(aws: Aws) -> None:
    event = aws.event()
    aws.answer(event)
    del aws.codebuild.builds[0]["logs"]
    aws.codebuild.finish("STOPPED")

    with pytest.raises(StagingError) as failure:
        aws.poll(event)

    assert "is STOPPED: no reason is known" in str(failure.value)
    assert aws.codebuild.builds[0]["id"] in str(failure.value)


def test_a_build_that_ends_well_without_a_manifest_is_told_as_what_it_is(aws: Aws) -> None:
    event = aws.event()
    aws.answer(event)
    aws.codebuild.finish("SUCCEEDED")

    with pytest.raises(StagingError, match="it ended well, but wrote no manifest; deploy again"):
        aws.poll(event)


def test_a_failed_build_starts_no_other_by_itself(aws: Aws) -> None:
    event = aws.event()
    aws.answer(event)
    aws.codebuild.finish("FAILED", "exit status 1")

    for _ in range(20):
        with pytest.raises(StagingError):
            aws.poll(event)

    assert aws.codebuild.statuses() == ["FAILED"]


def test_of_several_builds_the_newest_tells_why(aws: Aws) -> None:
    event = aws.event()
    for message in ("first", "second"):
        aws.codebuild.client.start_build(projectName="Stack_c8a1", idempotencyToken=message)
        aws.codebuild.finish("FAILED", message)
        aws.clock.time += 1

    with pytest.raises(StagingError, match="FAILED: BUILD: second"):
        aws.answer(event)


def test_five_minutes_before_cloudformation_gives_up_it_is_told_how_far_it_came(aws: Aws) -> None:
    event = aws.event()
    aws.answer(event)
    sizes = [{"Key": f"{PREFIX}{number}", "Size": 500 * 1024**3} for number in range(3)]
    aws.s3.on("ListObjectsV2", lambda **_: (Http(200), {"Contents": sizes}))
    aws.clock.time += 55 * 60 - 1
    assert not aws.answer(event)["IsComplete"]
    aws.clock.time += 1

    with pytest.raises(StagingError) as failure:
        aws.answer(event)

    assert f"after 55 minutes 1500.0 GiB are staged below {ID}" in str(failure.value)
    assert "Deploy again: that goes on from there where the bucket outlives" in str(failure.value)
    assert "quota" not in str(failure.value)
    assert aws.codebuild.statuses() == ["IN_PROGRESS"]


def test_where_no_build_could_start_in_that_time_the_quota_is_named(aws: Aws) -> None:
    aws.codebuild.quota = 0
    event = aws.event()
    aws.clock.time += HOUR

    with pytest.raises(StagingError, match="No build of it runs: if CodeBuild takes none, have"):
        aws.answer(event)


def test_what_is_staged_just_in_time_counts(aws: Aws) -> None:
    event = aws.event()
    aws.s3.stage()
    aws.clock.time += HOUR

    assert aws.answer(event)["IsComplete"]


@given(st.text(), st.sampled_from(["", LOG, f"{LOG}?{'x' * 500}"]))
def test_a_reason_of_any_length_leaves_room_in_the_response(reason: str, address: str) -> None:
    tail = f" (log: {address})" if address else ""
    for text in (reason, reason * 2000):
        message = str(StagingError(text, address))
        told = message.removesuffix(tail)

        assert len(json.dumps(message)) - 2 <= 2000
        assert message.endswith(tail)
        assert text.startswith(told)
        # No character more would have fitted.
        assert told == text or len(json.dumps(message)) - 2 > 2000 - len(r"\ud83e\udd17")


def test_a_build_that_another_clock_dates_before_its_request_is_its_own(aws: Aws) -> None:
    aws.answer(aws.event())
    aws.codebuild.finish("FAILED", "exit status 1")
    aws.clock.time += 5

    with pytest.raises(StagingError, match="exit status 1"):
        aws.answer(aws.event())
    aws.clock.time += 1
    aws.answer(aws.event(RequestId="later"))

    assert aws.codebuild.statuses() == ["FAILED", "IN_PROGRESS"]
