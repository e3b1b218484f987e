from __future__ import annotations

import pytest

from staging_handler.aws import BUCKET, ERROR, ID, MANIFEST, PLAN, PREFIX, TOMBSTONE, Aws

DONE = {"IsComplete": True}
NOT_YET = {"IsComplete": False}
NEIGHBOURS = {
    "Stack/c8a1/0123abcd2/model.safetensors",
    "Stack/c8a1/0123abcd2.manifest.json",
    "Stack/c8a1/new/model.safetensors",
    "Stack/c8a1.manifest.json",
    "Other/c8a1/0123abcd/model.safetensors",
}


def put_neighbours(aws: Aws) -> None:
    for key in NEIGHBOURS:
        aws.s3.put(key)


def test_a_finished_prefix_goes_with_all_that_lies_beside_it_and_nothing_else(aws: Aws) -> None:
    put_neighbours(aws)
    aws.s3.stage()
    aws.s3.put(ERROR, {"error": "old"})

    assert aws.answer(aws.event("Delete")) == DONE
    assert aws.s3.keys() == NEIGHBOURS


def test_uploads_below_the_prefix_end_with_it_and_those_of_others_go_on(aws: Aws) -> None:
    aws.s3.stage()
    for key in (f"{PREFIX}big", "Stack/c8a1/0123abcd2/big", "Other/a/b/big"):
        aws.s3.begin_upload(key)

    aws.answer(aws.event("Delete"))

    assert aws.s3.uploads() == {"Stack/c8a1/0123abcd2/big", "Other/a/b/big"}


def test_a_prefix_without_a_manifest_is_left_to_expire_or_to_be_gone_on_with(aws: Aws) -> None:
    left = {f"{PREFIX}model.safetensors", PLAN, ERROR}
    for key in left:
        aws.s3.put(key)
    aws.s3.begin_upload(f"{PREFIX}big")

    assert aws.answer(aws.event("Delete")) == DONE
    assert aws.s3.keys() == left
    assert aws.s3.uploads() == {f"{PREFIX}big"}


def test_what_is_retained_stays_and_its_build_goes_on(aws: Aws) -> None:
    aws.answer(aws.event())
    aws.s3.stage()
    before = aws.s3.keys()
    event = aws.event("Delete")
    event["ResourceProperties"]["Retain"] = "true"

    assert aws.answer(event) == DONE
    assert aws.s3.keys() == before
    assert "StopBuild" not in aws.codebuild.asked


def test_a_build_that_runs_is_stopped_and_waited_for_so_that_it_finishes_nothing(aws: Aws) -> None:
    aws.answer(aws.event())
    event = aws.event("Delete")

    assert aws.answer(event) == NOT_YET
    assert aws.codebuild.builds[0]["currentPhase"] == "STOPPING"
    assert aws.poll(event) == NOT_YET
    aws.codebuild.finish("STOPPED")

    assert aws.poll(event) == DONE


def test_what_a_build_finished_before_it_could_be_stopped_is_deleted(aws: Aws) -> None:
    aws.answer(aws.event())
    event = aws.event("Delete")
    aws.answer(event)
    aws.s3.stage()
    aws.codebuild.finish("SUCCEEDED")

    assert aws.poll(event) == DONE
    assert aws.s3.keys() == set()


def test_a_build_that_ends_while_it_is_stopped_is_no_error(aws: Aws) -> None:
    aws.answer(aws.event())
    aws.codebuild.hooks.add(
        "before-call.codebuild.StopBuild", lambda **_: aws.codebuild.finish("FAILED")
    )
    event = aws.event("Delete")

    assert aws.answer(event) == NOT_YET
    assert aws.poll(event) == DONE


def test_the_build_of_another_prefix_goes_on(aws: Aws) -> None:
    aws.codebuild.destination = "s3://weights/Stack/c8a1/new/"
    aws.codebuild.client.start_build(projectName="Stack_c8a1", idempotencyToken="new")

    assert aws.answer(aws.event("Delete")) == DONE
    assert "StopBuild" not in aws.codebuild.asked


def test_a_project_that_is_gone_has_no_builds(aws: Aws) -> None:
    aws.s3.stage()
    event = aws.event("Delete")
    event["ResourceProperties"]["Project"] = "gone"

    assert aws.answer(event) == DONE
    assert aws.s3.keys() == set()


def test_a_bucket_that_is_gone_holds_nothing_to_delete(aws: Aws) -> None:
    aws.s3.client.delete_bucket(Bucket=BUCKET)

    assert aws.answer(aws.event("Delete")) == DONE


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_deletion_that_stops_midway_is_gone_on_with_and_never_looks_finished(
    aws: Aws, times: int
) -> None:
    aws.s3.stage()
    left = aws.s3.keys() - {MANIFEST}
    event = aws.event("Delete")
    for _ in range(times):
        aws.s3.refuse("DeleteObjects", "InternalError")
        assert aws.answer(event) == NOT_YET

        body = aws.s3.client.get_object(Bucket=BUCKET, Key=MANIFEST)["Body"].read()
        assert body == b'{"deleting": true}'
        assert aws.s3.keys() - {MANIFEST} == left

    assert aws.poll(event) == DONE
    assert aws.s3.keys() == set()


def test_the_tombstone_goes_last(aws: Aws) -> None:
    aws.s3.stage()
    seen: list[set[str]] = []
    aws.s3.on("DeleteObjects", lambda **_: seen.append(aws.s3.keys()))

    aws.answer(aws.event("Delete"))

    assert seen[-1] == {MANIFEST}


def test_what_an_earlier_deletion_left_is_deleted(aws: Aws) -> None:
    aws.s3.put(f"{PREFIX}model.safetensors")
    aws.s3.put(MANIFEST, TOMBSTONE)

    assert aws.answer(aws.event("Delete")) == DONE
    assert aws.s3.keys() == set()


def test_more_files_than_one_call_can_delete_take_several(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "10")
    aws.s3.stage()
    for number in range(19):
        aws.s3.put(f"{PREFIX}{number}", b"")
    event = aws.event("Delete")

    aws.clock.tick = 500
    assert aws.answer(event) == NOT_YET
    assert len(aws.s3.keys(PREFIX)) == 11
    aws.clock.tick = 0
    assert aws.answer(event) == DONE
    assert aws.s3.keys() == set()


def test_a_deletion_that_is_asked_for_twice_finds_nothing_the_second_time(aws: Aws) -> None:
    aws.s3.stage()

    assert [aws.answer(aws.event("Delete")) for _ in range(2)] == [DONE, DONE]


@pytest.mark.parametrize(
    "other",
    [
        "2026/11/21/[$LATEST]d41d8cd98f00b204",
        "s3://weights",
        "s3://weights/",
        "s3://weights/Stack/",
        "s3://weights/Stack/c8a1/",
        "s3://weights/Stack/c8a1/0123abcd",
        f"{ID}../",
    ],
)
def test_what_is_no_prefix_of_ours_is_never_deleted(aws: Aws, other: str) -> None:
    put_neighbours(aws)
    aws.s3.stage()
    before = aws.s3.keys()

    assert aws.answer(aws.event("Delete", PhysicalResourceId=other)) == DONE
    assert aws.s3.keys() == before


def test_the_old_prefix_is_deleted_and_not_the_one_that_the_properties_say(aws: Aws) -> None:
    old = "Stack/c8a1/old/"
    aws.s3.stage(old)
    aws.s3.stage()
    kept = aws.s3.keys("Stack/c8a1/0123abcd")

    aws.answer(aws.event("Delete", PhysicalResourceId=f"s3://{BUCKET}/{old}"))

    assert aws.s3.keys() == kept


def test_the_build_of_a_creation_that_was_given_up_is_stopped(aws: Aws) -> None:
    aws.answer(aws.event())
    given_up = aws.event("Delete", PhysicalResourceId="Stack-Weights-1A2B3C4D5E6F")

    assert aws.answer(given_up) == NOT_YET
    assert aws.codebuild.asked[-1] == "StopBuild"
    aws.codebuild.finish("STOPPED")
    assert aws.poll(given_up) == DONE
