"""What no manifest vouches for may expire, what one vouches for never; and what lies beside."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from functional.conftest import PREFIX, STAGED, Bucket, Program, Publish
from sagemaker_model.local.hub.server import Hub

BESIDE = "stack/model/digest"
MANIFEST, PLAN, ERROR = f"{BESIDE}.manifest.json", f"{BESIDE}.plan.json", f"{BESIDE}.error.json"
NO_MANIFEST = {"match": "PUT .*manifest", "status": 403, "code": "AccessDenied"}
SLOWLY = {"Retry-After": "3"}


def moments(bucket: Bucket) -> dict[str, object]:
    """Return when each object below the prefix was written."""
    find = bucket.client.head_object
    keys = bucket.stored(PREFIX)
    return {key: find(Bucket="weights", Key=key)["LastModified"] for key in keys}


@pytest.mark.parametrize("archive", ["", "1"], ids=["prefix", "archive"])
def test_all_of_an_unfinished_prefix_may_expire_and_nothing_of_a_finished_one(
    program: Program, bucket: Bucket, publish: Publish, code: Path, archive: str
) -> None:
    model_id = publish(**{"model.safetensors": random.Random(7).randbytes(20 * 1024**2)})
    settings = {"MODEL_ID": model_id, "CODE_FOLDER": str(code), "ARCHIVE": archive}
    bucket.control({"match": "tagging", "status": 403, "code": "AccessDenied"})
    program.fail(1, **settings)
    bucket.control()
    assert bucket.tagged("") == bucket.stored()
    assert {PLAN, ERROR} < bucket.stored()

    program.succeed(**settings)

    requests = bucket.requests()
    written = next(n for n, r in enumerate(requests) if re.match("PUT .*manifest.json", r))
    checked = [n for n, r in enumerate(requests) if re.match(f"GET .*{PREFIX}.*tagging", r)]
    assert max(checked) < written
    assert bucket.tagged("") == set()
    assert bucket.stored() - bucket.stored(PREFIX) == {MANIFEST, PLAN}


def test_copies_may_expire_until_they_are_verified(
    program: Program, bucket: Bucket, publish: Publish
) -> None:
    model_id, copied = publish(), "another/stack/digest/"
    program.succeed(MODEL_ID=model_id)
    bucket.control({"match": "tagging", "status": 403, "code": "AccessDenied"})

    program.fail(MODEL_ID=model_id, DESTINATION=f"s3://weights/{copied}")
    bucket.control()

    assert bucket.tagged(copied) == bucket.stored(copied)
    assert len(bucket.stored(copied)) == len(STAGED)
    assert bucket.tagged(PREFIX) == set()


def test_a_manifest_is_only_written_when_the_tag_is_gone_from_every_object(
    program: Program, bucket: Bucket, publish: Publish
) -> None:
    model_id = publish()
    bucket.control({"match": "DELETE .*README.md.*tagging", "status": 204})

    log = program.fail(MODEL_ID=model_id)

    assert f"{PREFIX}README.md keeps the tag that lets it expire" in log
    assert MANIFEST not in bucket.stored()


def test_tags_of_others_stay(program: Program, bucket: Bucket, publish: Publish) -> None:
    model_id, key = publish(), f"{PREFIX}config.json"
    bucket.control(NO_MANIFEST)
    program.fail(MODEL_ID=model_id)
    bucket.control()
    tags = [{"Key": "team", "Value": "search"}, {"Key": "staging", "Value": "unfinished"}]
    bucket.client.put_object_tagging(Bucket="weights", Key=key, Tagging={"TagSet": tags})

    program.succeed(MODEL_ID=model_id)

    assert bucket.tags(key) == {"team": "search"}


def test_a_branch_that_moves_between_two_builds_does_not_mix_commits(
    program: Program, bucket: Bucket, hub: Hub, publish: Publish
) -> None:
    model_id = publish()
    first = hub.repositories.commit(model_id)
    hub.control.faults = [{"match": "model.safetensors", "status": 404}]
    program.fail(MODEL_ID=model_id, CONNECTIONS="1")
    assert f"{PREFIX}config.json" in bucket.stored()
    hub.control.faults = []
    hub.repositories.keep(model_id)
    publish(**{"model.safetensors": b"newer" * 100, "README.md": b"# Newer"})
    assert hub.repositories.commit(model_id) != first

    program.succeed(MODEL_ID=model_id)

    assert bucket.manifest(PREFIX)["models"][0]["commit"] == first
    assert bucket.read(f"{PREFIX}README.md") == b"# Tiny"
    assert len(bucket.read(f"{PREFIX}model.safetensors")) == 256 * 400


def test_a_finished_prefix_stays_at_its_commit(
    program: Program, bucket: Bucket, hub: Hub, publish: Publish
) -> None:
    model_id = publish()
    program.succeed(MODEL_ID=model_id)
    before = bucket.files(PREFIX)
    hub.repositories.keep(model_id)
    publish(**{"README.md": b"# Newer"})
    bucket.client.delete_object(Bucket="weights", Key=f"{PREFIX}README.md")
    bucket.client.delete_object(Bucket="weights", Key=PLAN)

    program.succeed(MODEL_ID=model_id)

    assert bucket.files(PREFIX) == before


def test_a_pinned_prefix_does_not_fall_back_to_another_commit_without_the_hub(
    program: Program, hub: Hub, bucket: Bucket, publish: Publish
) -> None:
    model_id = publish()
    program.succeed(MODEL_ID=model_id, DESTINATION="s3://weights/older/one/")
    publish(**{"README.md": b"# Newer"})
    hub.control.faults = [{"match": "model.safetensors|README", "status": 404}]
    program.fail(MODEL_ID=model_id)
    hub.control.faults = [{"match": ".", "status": 403}]

    log = program.fail(MODEL_ID=model_id)

    assert f"{model_id} needs a token" in log
    assert MANIFEST not in bucket.stored()


def test_another_build_that_resolved_otherwise_is_told(
    program: Program, bucket: Bucket, publish: Publish
) -> None:
    model_id = publish()
    bucket.control({"match": "GET .*plan.json", "status": 404, "code": "NoSuchKey", "times": 2})
    models = [{"model_id": model_id, "revision": "main", "commit": "a" * 40}]
    bucket.put(PLAN, json.dumps({"version": 1, "models": models}).encode())

    log = program.fail(MODEL_ID=model_id)

    assert "another build resolves the models to other commits" in log
    assert bucket.stored(PREFIX) == set()


def test_why_a_build_failed_lies_beside_the_prefix_without_the_token(
    program: Program, bucket: Bucket
) -> None:
    program.fail(MODEL_ID="no/hf_secret", HF_TOKEN="hf_secret")

    told = json.loads(bucket.read(ERROR))
    assert told["error"].startswith("could not stage: there is no model 'no/***'")
    assert told["at"] > 1_700_000_000
    assert bucket.tagged("") == {ERROR}


def test_wrong_settings_lie_beside_the_prefix_too(program: Program, bucket: Bucket) -> None:
    program.fail(2, MODEL_ID="a/b/c")

    assert "MODEL_ID is 'a/b/c'" in json.loads(bucket.read(ERROR))["error"]


def test_a_plan_that_fails_leaves_nothing(program: Program, bucket: Bucket) -> None:
    program.fail(command="plan", MODEL_ID="no/such", HF_TOKEN="hf_x")

    assert bucket.stored() == set()


def test_a_tombstone_is_no_manifest(program: Program, bucket: Bucket, publish: Publish) -> None:
    model_id = publish()
    program.succeed(MODEL_ID=model_id)
    bucket.put(MANIFEST, b'{"deleting": true}')
    bucket.client.delete_object(Bucket="weights", Key=f"{PREFIX}config.json")

    program.succeed(MODEL_ID=model_id)

    assert bucket.manifest(PREFIX)["models"][0]["model_id"] == model_id
    assert f"{PREFIX}config.json" in bucket.stored()


def test_a_build_that_comes_second_touches_nothing_that_is_finished(
    program: Program, bucket: Bucket, hub: Hub, publish: Publish
) -> None:
    model_id = publish()
    hub.control.faults = [{"match": "_signed", "times": 1, "status": 429, "headers": SLOWLY}]
    second = program.start(MODEL_ID=model_id, CONNECTIONS="1")
    while second.poll() is None and not any("_signed" in request for request in hub.requests):
        pass
    program.succeed(MODEL_ID=model_id)
    written = moments(bucket)
    log = second.communicate(timeout=60)[1]

    assert second.returncode == 0, log
    assert bucket.tagged("") == set()
    assert moments(bucket) == written


def test_an_s3_that_knows_no_tags_is_asked_for_none(
    program: Program, bucket: Bucket, publish: Publish
) -> None:
    bucket.control({"match": "tagging", "status": 500})

    program.succeed(MODEL_ID=publish(), OBJECT_TAGS="0")

    assert MANIFEST in bucket.stored()
    assert not [request for request in bucket.requests() if "tagging" in request]
