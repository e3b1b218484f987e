"""A build that is killed leaves nothing that looks finished, and the next one finishes it."""

from __future__ import annotations

import hashlib
import random
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from functional.conftest import PREFIX, Bucket, Program
from sagemaker_model.local.hub.server import Hub

MANIFEST = "stack/model/digest.manifest.json"
KILLS = 20


@pytest.mark.parametrize("archive", ["", "1"], ids=["prefix", "archive"])
def test_killed_at_random_moments_it_always_ends_in_what_was_planned(
    program: Program, bucket: Bucket, minilm: str, code: Path, archive: str
) -> None:
    settings = {"MODEL_ID": minilm, "CODE_FOLDER": str(code), "ARCHIVE": archive}
    began = time.monotonic()
    program.succeed(**settings)
    duration = time.monotonic() - began
    planned = bucket.files(PREFIX)
    bucket.empty()
    moments = random.Random(7)

    for _ in range(KILLS):
        build = program.start(**settings)
        with suppress(subprocess.TimeoutExpired):
            build.wait(moments.uniform(0.3, 1.0) * duration)
        build.send_signal(signal.SIGKILL)
        build.communicate()
        if MANIFEST in bucket.stored():
            assert bucket.files(PREFIX) == planned
            assert bucket.tagged(PREFIX) == set()
            bucket.empty()
        else:
            assert _is_part_of(bucket.files(PREFIX), planned)

    program.succeed(**settings)
    assert bucket.files(PREFIX) == planned
    assert bucket.uploads() == []
    assert bucket.tagged("") == set()


def test_it_goes_on_where_it_stopped(
    program: Program, bucket: Bucket, hub: Hub, minilm: str
) -> None:
    bucket.control({"match": "PUT .*manifest", "status": 403, "code": "AccessDenied"})
    program.fail(MODEL_ID=minilm)
    assert f"{PREFIX}model.safetensors" in bucket.stored()
    assert MANIFEST not in bucket.stored()
    bucket.client.delete_object(Bucket="weights", Key=f"{PREFIX}README.md")
    bucket.control()
    hub.requests.clear()

    program.succeed(MODEL_ID=minilm)

    fetched = [r for r in hub.requests if "bytes=" in r and "README.md" not in r]
    assert all("config" in request for request in fetched)
    assert bucket.read(f"{PREFIX}README.md")


def test_two_builds_of_one_plan_do_not_harm_each_other(
    program: Program, bucket: Bucket, hub: Hub, minilm: str, code: Path
) -> None:
    settings = {"MODEL_ID": minilm, "CODE_FOLDER": str(code)}

    builds = [program.start(**settings) for _ in range(3)]
    logs = [build.communicate(timeout=120)[1] for build in builds]

    assert [build.returncode for build in builds] == [0, 0, 0], logs
    content = hub.repositories.content(hub.repositories.root / minilm / "model.safetensors")
    assert bucket.files(PREFIX)["model.safetensors"] == content.sha256
    assert bucket.uploads() == []


def test_two_builds_of_one_archive_do_not_harm_each_other(
    program: Program, bucket: Bucket, minilm: str
) -> None:
    builds = [program.start(MODEL_ID=minilm, ARCHIVE="1") for _ in range(2)]
    logs = [build.communicate(timeout=120)[1] for build in builds]

    assert [build.returncode for build in builds] == [0, 0], logs
    archive = hashlib.sha256(bucket.read(f"{PREFIX}model.tar.gz")).hexdigest()
    assert bucket.manifest(PREFIX)["files"][0]["sha256"] == archive


def test_uploads_that_a_killed_build_left_are_dropped(
    program: Program, bucket: Bucket, minilm: str
) -> None:
    bucket.client.create_multipart_upload(Bucket="weights", Key=f"{PREFIX}model.safetensors")

    program.succeed(MODEL_ID=minilm)

    assert bucket.uploads() == []


def _is_part_of(found: dict[str, str], planned: dict[str, str]) -> bool:
    return found.items() <= planned.items()
