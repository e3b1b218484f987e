"""Copies inside S3: large ones, renewed ones, and those of roles that may see a part only."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from functional.conftest import BUCKET, PREFIX, STAGED, TINY, Bucket, Program, Publish
from model_builder.copies import copy
from model_builder.model import MIB, Model, RemoteFile
from model_builder.plan import FromStore, InPlace
from model_builder.planning import make_plan
from model_builder.retry import Retry
from model_builder.s3_errors import ChangedError
from model_builder.settings import Settings
from model_builder.sources import Sources
from model_builder.staging import Builder, Limits
from model_builder.store import Store

DATA = bytes(range(256)) * (13 * MIB // 256)
NOTES = {"staged-for": "here/"}


class NoHub:
    """Is never asked."""

    def commit(self, model: Model) -> str:
        raise AssertionError(model)

    def files(self, model: Model, commit: str) -> list[RemoteFile]:
        raise AssertionError(model, commit)

    def content(self, model: Model, commit: str, file: RemoteFile) -> bytes:
        raise AssertionError(model, commit, file)

    def read(
        self, model: Model, commit: str, file: RemoteFile, start: int, view: memoryview
    ) -> None:
        raise AssertionError(model, commit, file, start, view)


@pytest.fixture
def source(bucket: Bucket) -> FromStore:
    """An object of 13 MiB."""
    bucket.put("there/model.bin", DATA)
    found = Store(bucket.client, BUCKET).find("there/model.bin")
    assert found
    return FromStore(found.key, found.etag)


@pytest.mark.parametrize("whole", [20 * MIB, MIB], ids=["in one request", "in parts"])
def test_a_copy_is_what_it_is_copied_from_and_may_expire(
    bucket: Bucket, source: FromStore, whole: int
) -> None:
    store = Store(bucket.client, BUCKET)

    sha256 = copy(store, source, len(DATA), "here/x", NOTES, whole=whole, part=6 * MIB)

    assert bucket.read("here/x") == DATA
    assert bucket.tagged("") == {"here/x"}
    assert sha256 in {None, hashlib.sha256(DATA).hexdigest()}
    found = store.find("here/x")
    assert found
    assert found.notes == NOTES


@pytest.mark.parametrize("whole", [20 * MIB, MIB], ids=["in one request", "in parts"])
def test_an_object_of_something_else_is_not_replaced(
    bucket: Bucket, source: FromStore, whole: int
) -> None:
    bucket.put("here/x", b"precious")

    with pytest.raises(Exception, match=r"something else wrote here/x|changed meanwhile"):
        copy(Store(bucket.client, BUCKET), source, len(DATA), "here/x", NOTES, whole=whole)

    assert bucket.read("here/x") == b"precious"
    assert bucket.uploads() == []


def test_a_source_that_changed_is_not_copied(bucket: Bucket, source: FromStore) -> None:
    bucket.put(source.key, b"changed")

    with pytest.raises(ChangedError, match="changed meanwhile"):
        copy(Store(bucket.client, BUCKET), source, len(DATA), "here/x", NOTES)

    assert "here/x" not in bucket.stored()


def test_unfinished_files_that_will_expire_soon_are_renewed(
    program: Program, bucket: Bucket, tmp_path: Path
) -> None:
    for path in STAGED:
        (tmp_path / path).write_bytes(TINY[path])
    variables = {"MODEL_FOLDER": str(tmp_path), "DESTINATION": f"s3://{BUCKET}/{PREFIX}"}
    settings = Settings.from_environment(variables)
    bucket.control({"match": "PUT .*manifest", "status": 403, "code": "AccessDenied"})
    program.fail(1, **variables)
    bucket.control()
    store, now = Store(bucket.client, BUCKET), datetime.now(UTC)
    young = make_plan(settings, NoHub(), store, (), now)
    old = make_plan(settings, NoHub(), store, (), now + timedelta(days=6))

    sources = Sources(NoHub(), store, Retry(1, time.sleep))
    builder = Builder(store, sources, Limits(2, 256 * MIB), clock=time.monotonic, now=time.time)
    builder.build(old, "selection")

    assert all(isinstance(file.source, InPlace) for file in young.files)
    renewed = {r for r in bucket.requests() if f"from {BUCKET}/{PREFIX}" in r}
    assert len(renewed) == len(STAGED)
    assert {file["path"]: file["sha256"] for file in bucket.manifest(PREFIX)["files"]} == (
        bucket.files(PREFIX)
    )
    assert bucket.tagged("") == set()


def test_a_role_that_may_list_a_part_of_the_bucket_finds_what_is_there(
    program: Program, bucket: Bucket, publish: Publish
) -> None:
    model_id = publish()
    program.succeed(MODEL_ID=model_id)
    bucket.control({"match": r"list-type=2&prefix=(&|$)", "status": 403, "code": "AccessDenied"})

    program.succeed(MODEL_ID=model_id, DESTINATION="s3://weights/stack/other/digest/")

    requests = bucket.requests()
    assert [r for r in requests if "model.safetensors from" in r]
    assert not [r for r in requests if "PUT" in r and "model.safetensors" in r and "from" not in r]
