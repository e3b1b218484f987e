"""The handlers behind the provider framework's own code, as CloudFormation calls them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from staging_handler.aws import BUCKET, ERROR, ID, MANIFEST, PREFIX, Aws
from staging_handler.provider_framework import CloudFormation, unpack_framework

OLD = "Stack/c8a1/old/"
OLD_ID = f"s3://{BUCKET}/{OLD}"


@pytest.fixture(scope="session")
def framework(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack_framework(tmp_path_factory.mktemp("framework"))


@pytest.fixture
def cloudformation(framework: Path, aws: Aws) -> CloudFormation:
    return CloudFormation(framework, aws)


def stages(aws: Aws, prefix: str = PREFIX, after: int = 3) -> Callable[[int], None]:
    """Return what a build does while it is waited for."""

    def wait(waits: int) -> None:
        if waits == after:
            aws.s3.stage(prefix)
            aws.codebuild.finish()

    return wait


def fails(aws: Aws, message: str) -> Callable[[int], None]:
    """Return what a build does that fails; later, one that is stopped ends."""

    def wait(_: int) -> None:
        if aws.codebuild.statuses()[-1:] == ["IN_PROGRESS"]:
            aws.s3.put(ERROR, {"error": message, "at": 1})
            aws.codebuild.finish("FAILED", "exit status 1")

    return wait


def test_weights_are_created_when_the_build_has_staged_them(
    cloudformation: CloudFormation, aws: Aws
) -> None:
    cloudformation.waits = stages(aws)

    response = cloudformation.create(PREFIX)

    assert (response["Status"], response["PhysicalResourceId"]) == ("SUCCESS", ID)
    assert response["Data"] == {
        "ManifestUri": f"s3://{BUCKET}/{MANIFEST}",
        "Files": "2",
        "Bytes": "10",
    }
    assert aws.codebuild.statuses() == ["SUCCEEDED"]


def test_a_failed_creation_gives_the_reason_and_its_deletion_reaches_the_handler(
    cloudformation: CloudFormation, aws: Aws
) -> None:
    cloudformation.waits = fails(aws, "org/name is gated")

    response = cloudformation.create(PREFIX)

    assert response["PhysicalResourceId"] == ID
    assert f"the build of {ID} is FAILED: org/name is gated (log: " in response["Reason"]
    assert cloudformation.requests == [f"Create {PREFIX} FAILED", f"Delete {PREFIX} SUCCESS"]


@pytest.mark.parametrize("character", ["x", '"', "\n", "\x1b", "é", "🤗"])
def test_the_longest_reason_fits_the_response(
    cloudformation: CloudFormation, aws: Aws, character: str
) -> None:
    cloudformation.waits = fails(aws, character * 4000)

    assert cloudformation.create(PREFIX)["Status"] == "FAILED"


def test_new_weights_are_staged_before_the_old_ones_go(
    cloudformation: CloudFormation, aws: Aws
) -> None:
    aws.s3.stage(OLD)
    cloudformation.create(OLD)
    cloudformation.waits = stages(aws)

    response = cloudformation.update(PREFIX, OLD)

    assert (response["Status"], response["PhysicalResourceId"]) == ("SUCCESS", ID)
    assert aws.s3.keys("Stack/c8a1/old") == set()
    assert MANIFEST in aws.s3.keys(MANIFEST)
    assert cloudformation.requests[1:] == [f"Update {PREFIX} SUCCESS", f"Delete {OLD} SUCCESS"]


def test_a_failed_update_goes_back_to_weights_that_were_there_all_the_time(
    cloudformation: CloudFormation, aws: Aws
) -> None:
    aws.s3.stage(OLD)
    cloudformation.create(OLD)
    old = aws.s3.keys(OLD)
    cloudformation.waits = fails(aws, "the Hub is down")

    assert cloudformation.update(PREFIX, OLD)["Status"] == "FAILED"

    assert cloudformation.requests[1:] == [
        f"Update {PREFIX} FAILED",
        f"Update {OLD} SUCCESS",
        f"Delete {PREFIX} SUCCESS",
    ]
    assert cloudformation.physical_id == OLD_ID
    assert aws.s3.keys(OLD) == old
    assert aws.codebuild.statuses() == ["FAILED"]


def test_a_deployment_after_one_that_failed_builds_again(
    cloudformation: CloudFormation, aws: Aws
) -> None:
    cloudformation.waits = fails(aws, "the Hub is down")
    cloudformation.create(PREFIX)
    aws.clock.time += 60
    cloudformation.waits = stages(aws)

    assert cloudformation.create(PREFIX)["Status"] == "SUCCESS"
    assert aws.codebuild.statuses() == ["FAILED", "SUCCEEDED"]


def test_a_build_that_takes_longer_than_cloudformation_waits_is_told_of_by_the_handler(
    cloudformation: CloudFormation, aws: Aws
) -> None:
    def wait(_: int) -> None:
        if aws.codebuild.builds[-1].get("currentPhase") == "STOPPING":
            aws.codebuild.finish("STOPPED")

    cloudformation.waits = wait

    response = cloudformation.create(PREFIX)

    assert "after 55 minutes 0.0 GiB are staged" in response["Reason"]
    assert cloudformation.requests == [f"Create {PREFIX} FAILED", f"Delete {PREFIX} SUCCESS"]
    assert aws.codebuild.statuses() == ["STOPPED"]


def test_a_deletion_that_aws_is_too_busy_for_is_waited_for(
    cloudformation: CloudFormation, aws: Aws
) -> None:
    aws.s3.stage()
    cloudformation.create(PREFIX)
    aws.s3.refuse("DeleteObjects", "SlowDown", times=5)

    assert cloudformation.delete(PREFIX)["Status"] == "SUCCESS"
    assert aws.s3.keys() == set()
