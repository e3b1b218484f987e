"""Every fault of Hub and S3: it is got over, or told exactly, and nothing looks finished."""

from __future__ import annotations

import pytest

from functional.conftest import PREFIX, STAGED, Bucket, Program, Publish
from sagemaker_model.local.hub.server import Hub

WEIGHTS = "GET /_signed/.*model.safetensors"
MANIFEST = "stack/model/digest.manifest.json"

HUB_FAULTS = {
    "too many requests": {"match": WEIGHTS, "times": 2, "status": 429},
    "too many requests, by the API": {"match": "/tree/", "times": 2, "status": 429},
    "server error": {"match": WEIGHTS, "times": 2, "status": 503},
    "server error, by the API": {"match": "/revision/", "times": 2, "status": 500},
    "server error, before the signed URL": {"match": "resolve", "times": 3, "status": 502},
    "reset": {"match": WEIGHTS, "times": 2, "reset": True},
    "reset, by the API": {"match": "/tree/", "times": 1, "reset": True},
    "stall": {"match": WEIGHTS, "times": 1, "stall": True},
    "stall, by the API": {"match": "/tree/", "times": 1, "stall": True},
    "truncated": {"match": WEIGHTS, "times": 3, "cut": 1000},
    "empty": {"match": WEIGHTS, "times": 2, "cut": 0},
    "corrupted": {"match": WEIGHTS, "times": 1, "corrupt": 5000},
    "corrupted, a file of git's": {"match": "resolve/.*/README", "times": 1, "corrupt": 2},
    "signed URL refused": {"match": WEIGHTS, "times": 1, "expire": True},
}


@pytest.mark.parametrize("fault", HUB_FAULTS.values(), ids=HUB_FAULTS)
@pytest.mark.parametrize("archive", ["", "1"], ids=["prefix", "archive"])
def test_a_fault_of_the_hub_is_got_over(  # noqa: PLR0917 - fixtures
    program: Program,
    bucket: Bucket,
    hub: Hub,
    publish: Publish,
    fault: dict[str, object],
    archive: str,
) -> None:
    hub.control.faults = [dict(fault)]

    log = program.succeed(MODEL_ID=publish(), ARCHIVE=archive)

    assert hub.control.faults[0]["times"] == 0
    assert "again" in log or "cut" in fault
    assert bucket.manifest(PREFIX)["models"]
    assert archive or set(bucket.files(PREFIX)) == STAGED


@pytest.mark.parametrize("part", ["/revision/", "/tree/"])
def test_a_hub_that_stays_dead_is_asked_as_often_as_the_settings_say(
    program: Program, hub: Hub, publish: Publish, part: str
) -> None:
    hub.control.faults = [{"match": part, "status": 503}]

    log = program.fail(MODEL_ID=publish(), ATTEMPTS="3")

    assert "HTTP 503, 3 times in all" in log.splitlines()[-1]
    assert len([request for request in hub.requests if part in request]) == 3


LASTING = {
    "too many requests": ({"match": WEIGHTS, "status": 429}, "HTTP 429, 3 times in all"),
    "server error": ({"match": WEIGHTS, "status": 503}, "HTTP 503, 3 times in all"),
    "reset": ({"match": WEIGHTS, "reset": True}, "3 times in all"),
    "stall": ({"match": WEIGHTS, "stall": True}, "timed out"),
    "empty": ({"match": WEIGHTS, "cut": 0}, "body ended at byte 0 of 102400"),
    "corrupted": ({"match": WEIGHTS, "corrupt": 5}, "model.safetensors: the digest is"),
    "signed URL refused": ({"match": WEIGHTS, "expire": True}, "signed URL no longer holds"),
}


@pytest.mark.parametrize(("fault", "message"), LASTING.values(), ids=LASTING)
def test_a_lasting_fault_ends_in_one_clear_error(  # noqa: PLR0917 - fixtures
    program: Program,
    bucket: Bucket,
    hub: Hub,
    publish: Publish,
    fault: dict[str, object],
    message: str,
) -> None:
    hub.control.faults = [dict(fault)]

    log = program.fail(MODEL_ID=publish(), ATTEMPTS="3", STALL_SECONDS="1")

    assert message in log.splitlines()[-1]
    assert MANIFEST not in bucket.stored()
    assert f"{PREFIX}model.safetensors" not in bucket.stored()
    assert bucket.uploads() == []


def test_the_pause_that_the_hub_asks_for_is_kept(
    program: Program, hub: Hub, publish: Publish
) -> None:
    headers = {"Retry-After": "1"}
    hub.control.faults = [{"match": WEIGHTS, "times": 1, "status": 429, "headers": headers}]

    assert "HTTP 429; trying again in 1.0 s" in program.succeed(MODEL_ID=publish())


def test_a_long_file_goes_on_where_the_connection_broke(
    program: Program, hub: Hub, minilm: str
) -> None:
    hub.control.faults = [{"match": WEIGHTS, "times": 1, "cut": 3_000_000}]

    program.succeed(MODEL_ID=minilm, CONNECTIONS="1")

    assert [r for r in hub.requests if "safetensors bytes=3000000-16777215" in r]


def test_signed_urls_that_expire_on_the_way_are_asked_for_again(
    program: Program, bucket: Bucket, hub: Hub, minilm: str
) -> None:
    hub.control.faults = [{"match": WEIGHTS, "after": 3, "times": 1, "expire": True}]

    program.succeed(MODEL_ID=minilm)

    content = hub.repositories.content(hub.repositories.root / minilm / "model.safetensors")
    assert bucket.files(PREFIX)["model.safetensors"] == content.sha256


S3_FAULTS = {
    "slow down": {"match": "PUT .*safetensors", "times": 2, "status": 503, "code": "SlowDown"},
    "server error": {"match": "PUT .*safetensors", "times": 2, "status": 500},
    "hangs up": {"match": "PUT .*safetensors", "times": 2},
    "slow to begin": {"match": "POST .*uploads", "times": 1, "status": 503, "code": "SlowDown"},
    "slow to complete": {"match": "POST .*uploadId", "times": 1, "status": 500},
    "slow to list": {"match": "GET .*list-type", "times": 1, "status": 503, "code": "SlowDown"},
}


@pytest.mark.parametrize("fault", S3_FAULTS.values(), ids=S3_FAULTS)
def test_a_fault_of_s3_is_got_over(
    program: Program, bucket: Bucket, hub: Hub, minilm: str, fault: dict[str, object]
) -> None:
    bucket.control(fault)

    program.succeed(MODEL_ID=minilm)

    content = hub.repositories.content(hub.repositories.root / minilm / "model.safetensors")
    assert bucket.files(PREFIX)["model.safetensors"] == content.sha256
    assert bucket.uploads() == []


S3_LASTING = {
    "slow down": ({"match": "PUT", "status": 503, "code": "SlowDown"}, "SlowDown"),
    "denied": ({"match": "PUT", "status": 403, "code": "AccessDenied"}, "let the role do this"),
    "hangs up": ({"match": "PUT"}, "Connection"),
}


@pytest.mark.parametrize(("fault", "message"), S3_LASTING.values(), ids=S3_LASTING)
def test_a_lasting_fault_of_s3_ends_in_one_clear_error(
    program: Program, bucket: Bucket, minilm: str, fault: dict[str, object], message: str
) -> None:
    bucket.control(fault)

    log = program.fail(MODEL_ID=minilm, ATTEMPTS="2")

    assert message in log.splitlines()[-1]
    bucket.control()
    assert bucket.stored() == set()
    assert bucket.uploads() == []


def test_a_missing_bucket_is_named(program: Program, publish: Publish) -> None:
    log = program.fail(MODEL_ID=publish(), DESTINATION="s3://not-there/a/b/")

    assert "NoSuchBucket: make the bucket, or mend DESTINATION" in log


def test_a_gated_model_without_token_names_the_page(
    program: Program, hub: Hub, publish: Publish
) -> None:
    model_id = publish()
    hub.control.gated = {model_id: "hf_secret"}

    log = program.fail(MODEL_ID=model_id)

    assert f"accept its licence at {hub.url}/{model_id}, set HF_TOKEN" in log


def test_a_token_that_may_not_read_names_the_page(
    program: Program, hub: Hub, publish: Publish
) -> None:
    model_id = publish()
    hub.control.gated = {model_id: "hf_secret"}

    log = program.fail(MODEL_ID=model_id, HF_TOKEN="hf_other")

    assert f"HF_TOKEN may not read {model_id}: accept its licence at {hub.url}/{model_id}" in log


def test_a_token_reaches_the_hub_but_no_signed_url_and_no_log(
    program: Program, hub: Hub, publish: Publish
) -> None:
    model_id = publish()
    hub.control.gated = {model_id: "hf_secret"}

    log = program.succeed(MODEL_ID=model_id, HF_TOKEN="hf_secret")

    # The Hub refuses a signed URL with a token, as S3 does.
    assert "hf_secret" not in log


def test_a_model_that_is_not_there_is_named(program: Program) -> None:
    assert "'no/such' at" in program.fail(MODEL_ID="no/such", HF_TOKEN="hf_x")
    assert "no/such is not there, or private" in program.fail(MODEL_ID="no/such")


def test_a_revision_that_is_not_there_is_named(program: Program, publish: Publish) -> None:
    model_id = publish()

    log = program.fail(MODEL_ID=f"{model_id}@v9")

    assert f"{model_id} has no revision 'v9'" in log


def test_a_commit_that_is_not_there_is_named(program: Program, publish: Publish) -> None:
    log = program.fail(MODEL_ID=f"{publish()}@{'a' * 40}")

    assert f"has no revision '{'a' * 40}'" in log


def test_wrong_settings_are_told_together_with_exit_code_2(program: Program) -> None:
    log = program.fail(2, MODEL_ID="a/b/c", DESTINATION="bucket/prefix", ARCHIVE="yes")

    assert all(name in log for name in ("MODEL_ID", "DESTINATION", "ARCHIVE"))


def test_an_unknown_command_is_told_how_to_run(program: Program) -> None:
    assert "plan|build" in program.fail(2, command="deploy", MODEL_ID="a/b")
