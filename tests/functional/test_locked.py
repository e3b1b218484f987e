"""What a lock file says of a model holds when it is staged."""

from __future__ import annotations

import pytest

from functional.conftest import PREFIX, STAGED, Bucket, Program, Publish
from sagemaker_model.hub.client import HubClient
from sagemaker_model.local.hub.server import Hub
from sagemaker_model.model_lock.locked_model import listing_digest
from sagemaker_model.weights.hub_model import HubModel

ELSEWHERE = "s3://weights/another/stack/digest/"
OFF = [{"match": ".", "reset": True}]


@pytest.fixture
def locked(hub: Hub, publish: Publish) -> dict[str, str]:
    """Return the settings that a model which was locked is staged with."""
    model_id = publish()
    found = HubClient(endpoint=hub.url).lock(HubModel(model_id))
    hub.requests.clear()
    return {
        "MODEL_ID": f"{model_id}@{found.commit}",
        "LISTINGS": f"{model_id}={listing_digest(found)}",
    }


def other(listings: str) -> str:
    """Return a digest of other files."""
    return listings[:-1] + ("0" if listings[-1] != "0" else "1")


def test_the_files_that_were_locked_are_staged(
    program: Program, bucket: Bucket, locked: dict[str, str]
) -> None:
    program.succeed(**locked)

    assert set(bucket.files(PREFIX)) == STAGED


def test_a_hub_that_lists_other_files_is_refused_before_a_byte_moves(
    program: Program, bucket: Bucket, hub: Hub, locked: dict[str, str]
) -> None:
    log = program.fail(1, **{**locked, "LISTINGS": other(locked["LISTINGS"])})

    assert "has other files than the lock file says" in log.splitlines()[-1]
    assert bucket.files(PREFIX) == {}
    assert not [request for request in hub.requests if "resolve" in request]


def test_what_was_staged_as_it_was_locked_needs_no_hub_again(
    program: Program, bucket: Bucket, hub: Hub, locked: dict[str, str]
) -> None:
    program.succeed(**locked)
    hub.control.faults = list(OFF)

    program.succeed(**locked, DESTINATION=ELSEWHERE, ATTEMPTS="1")

    assert bucket.manifest("another/stack/digest/")["models"]


def test_what_was_staged_before_it_was_locked_needs_no_hub_if_it_is_the_same(
    program: Program, hub: Hub, locked: dict[str, str]
) -> None:
    program.succeed(MODEL_ID=locked["MODEL_ID"])
    hub.control.faults = list(OFF)

    program.succeed(**locked, DESTINATION=ELSEWHERE, ATTEMPTS="1")


def test_what_was_staged_with_other_files_is_refused(
    program: Program, locked: dict[str, str]
) -> None:
    program.succeed(**locked)

    changed = {**locked, "LISTINGS": other(locked["LISTINGS"]), "DESTINATION": ELSEWHERE}
    log = program.fail(1, **changed)

    assert "has other files than the lock file says" in log.splitlines()[-1]


def test_a_digest_that_is_none_is_a_wrong_setting(program: Program, locked: dict[str, str]) -> None:
    log = program.fail(2, MODEL_ID=locked["MODEL_ID"], LISTINGS="org/name=abc")

    assert "LISTINGS is 'org/name=abc', but must be 64 hexadecimal digits" in log
