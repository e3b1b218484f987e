"""Weights that do not come from the Hub: a local folder, files in S3, what was staged before."""

from __future__ import annotations

import hashlib
import io
import subprocess
import tarfile
from pathlib import Path

import pytest

from functional.conftest import PREFIX, STAGED, TINY, Bucket, Program, Publish
from functional.test_archive import members
from model_builder.errors import StagingError
from model_builder.manifest import Manifest, StagedFile, to_json
from model_builder.settings import Settings
from model_builder.store import Store
from model_builder.stored_files import Weights, stored_weights
from model_builder.stored_source import Kind, StoredSource
from sagemaker_model.local.hub.server import Hub

KEY = f"{PREFIX}model.tar.gz"
PLACE = "training/out/"
CODE = {"code/inference.py", "code/requirements.txt"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A local folder with a model, and with what programs keep for themselves."""
    root = tmp_path / "model"
    kept = {".git/HEAD": b"ref", ".cache/x": b"x", "code/__pycache__/a.pyc": b"pyc"}
    for path, data in {**{path: TINY[path] for path in STAGED}, **kept}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


def manifest_of(key: str, path: str) -> bytes:
    file = StagedFile(key, 1, "0" * 64, path)
    return to_json(Manifest("f", "s", 1, (), (file,)))


def put_model(bucket: Bucket, prefix: str = PLACE) -> dict[str, str]:
    for path in STAGED:
        bucket.put(f"{prefix}{path}", TINY[path])
    return bucket.files(prefix)


def archive_of(contents: dict[str, bytes], level: int = 6) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=level) as tar:
        for path, data in contents.items():
            member = tarfile.TarInfo(path)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def test_a_local_folder_is_staged_without_what_programs_keep_for_themselves(
    program: Program, bucket: Bucket, hub: Hub, folder: Path, code: Path
) -> None:
    program.succeed(MODEL_FOLDER=str(folder), CODE_FOLDER=str(code))

    assert set(bucket.files(PREFIX)) == STAGED | CODE
    assert {file["path"]: file["sha256"] for file in bucket.manifest(PREFIX)["files"]} == (
        bucket.files(PREFIX)
    )
    assert bucket.manifest(PREFIX)["models"] == []
    assert hub.requests == []


def test_a_local_folder_obeys_the_rules(program: Program, bucket: Bucket, folder: Path) -> None:
    (folder / "config.json").unlink()

    assert "A1 config.json" in program.fail(MODEL_FOLDER=str(folder))
    assert bucket.stored(PREFIX) == set()


def test_a_local_folder_is_packed(program: Program, bucket: Bucket, folder: Path) -> None:
    program.succeed(MODEL_FOLDER=str(folder), ARCHIVE="1")

    assert set(members(bucket.read(KEY))) == STAGED


@pytest.mark.parametrize("name", ["weights", "others"])
def test_files_in_s3_are_copied_there_and_joined_with_code(
    program: Program, bucket: Bucket, other: Bucket, code: Path, name: str
) -> None:
    there = {"weights": bucket, "others": other}[name]
    expected = put_model(there)
    there.put(f"{PLACE}", b"")
    bucket.control()

    program.succeed(SOURCE=f"s3://{name}/{PLACE}", CODE_FOLDER=str(code))

    staged = bucket.files(PREFIX)
    assert {path: staged[path] for path in expected} == expected
    assert set(staged) == STAGED | CODE
    assert {f["path"]: f["sha256"] for f in bucket.manifest(PREFIX)["files"]} == staged
    assert not [r for r in bucket.requests() if r.startswith("PUT") and "safetensors HTTP" in r]
    assert [r for r in bucket.requests() if f"{PREFIX}model.safetensors from {name}" in r]


def test_files_in_s3_obey_the_rules(program: Program, bucket: Bucket) -> None:
    put_model(bucket)
    bucket.put(f"{PLACE}model.safetensors.index.json", b'{"weight_map": {"a": "gone.safetensors"}}')

    assert "A6 gone.safetensors" in program.fail(SOURCE=f"s3://weights/{PLACE}")


def test_copies_go_on_where_they_stopped_and_see_what_changed(
    program: Program, bucket: Bucket
) -> None:
    put_model(bucket)
    bucket.control({"match": "PUT .*manifest", "status": 403, "code": "AccessDenied"})
    program.fail(SOURCE=f"s3://weights/{PLACE}")
    bucket.put(f"{PLACE}README.md", b"# New!")
    bucket.control()

    program.succeed(SOURCE=f"s3://weights/{PLACE}")

    copied = [request for request in bucket.requests() if " from " in request]
    assert len(copied) == 1
    assert bucket.read(f"{PREFIX}README.md") == b"# New!"


def test_files_in_s3_are_packed(program: Program, bucket: Bucket, other: Bucket) -> None:
    expected = put_model(other)

    program.succeed(SOURCE=f"s3://others/{PLACE}", ARCHIVE="1")

    assert members(bucket.read(KEY)) == expected
    assert {f["path"]: f["sha256"] for f in bucket.manifest(PREFIX)["members"]} == expected


def test_nothing_below_the_source_is_told(program: Program) -> None:
    assert "nothing lies below s3://weights/not/there/" in program.fail(
        SOURCE="s3://weights/not/there/"
    )


def test_what_was_staged_is_staged_elsewhere_without_the_hub(  # noqa: PLR0917 - fixtures
    program: Program, bucket: Bucket, other: Bucket, hub: Hub, publish: Publish, code: Path
) -> None:
    model_id, prefix = publish(), "dev/model/1/"
    program.succeed(MODEL_ID=model_id, DESTINATION=f"s3://others/{prefix}", CODE_FOLDER=str(code))
    sha256 = hashlib.sha256(other.read("dev/model/1.manifest.json")).hexdigest()
    (code / "inference.py").write_text("changed = True\n")
    hub.requests.clear()

    program.succeed(
        SOURCE="s3://others/dev/model/1.manifest.json", SOURCE_SHA256=sha256, CODE_FOLDER=str(code)
    )

    assert hub.requests == []
    assert bucket.read(f"{PREFIX}code/inference.py") == b"changed = True\n"
    assert bucket.files(PREFIX)["model.safetensors"] == other.files(prefix)["model.safetensors"]
    assert bucket.manifest(PREFIX)["models"] == other.manifest(prefix)["models"]
    assert bucket.tagged("") == set()


def test_a_copy_that_has_another_digest_is_refused(
    program: Program, bucket: Bucket, other: Bucket
) -> None:
    stage_by_hand(other, {"config.json": b"{}", "README.md": b"# Tiny"})
    other.put("dev/model/1/README.md", b"# Like")

    log = program.fail(SOURCE="s3://others/dev/model/1.manifest.json")

    assert "README.md: the digest is" in log
    assert f"{PREFIX}README.md" not in bucket.stored()
    assert "stack/model/digest.manifest.json" not in bucket.stored()


def stage_by_hand(bucket: Bucket, contents: dict[str, bytes]) -> bytes:
    """Put files and their manifest into a bucket; return the manifest."""
    prefix = "dev/model/1/"
    files = [
        StagedFile(f"{prefix}{path}", len(data), hashlib.sha256(data).hexdigest(), path)
        for path, data in contents.items()
    ]
    for path, data in contents.items():
        bucket.put(f"{prefix}{path}", data)
    manifest = to_json(Manifest("f", "s", 1, (), tuple(files)))
    bucket.put("dev/model/1.manifest.json", manifest)
    return manifest


CHANGES = {
    "the manifest": ("dev/model/1.manifest.json", b"{}", "has the digest"),
    "a size": ("dev/model/1/README.md", b"# Longer", "is not what its manifest tells of"),
    "a file": ("dev/model/1/README.md", None, "README.md is gone; stage it anew"),
}


@pytest.mark.parametrize(("key", "body", "told"), CHANGES.values(), ids=CHANGES)
def test_what_is_no_longer_as_it_was_staged_is_refused(
    other: Bucket, key: str, body: bytes | None, told: str
) -> None:
    manifest = stage_by_hand(other, {"README.md": b"# Tiny"})
    other.client.delete_object(Bucket=other.name, Key=key)
    if body is not None:
        other.put(key, body)

    with pytest.raises(StagingError, match=told):
        planned(other, sha256=hashlib.sha256(manifest).hexdigest())


HOSTILE = {
    "a tombstone": (b'{"deleting": true}', "is no manifest of files"),
    "another place": (manifest_of("secret/key", "key"), "do not lie below dev/model/1/"),
    "a way out": (manifest_of("dev/model/1/../x", "../x"), r"has the segment '\.\.'"),
}


@pytest.mark.parametrize(("text", "told"), HOSTILE.values(), ids=HOSTILE)
def test_a_manifest_that_tells_of_no_files_below_it_is_refused(
    other: Bucket, text: bytes, told: str
) -> None:
    other.put("dev/model/1.manifest.json", text)

    with pytest.raises(StagingError, match=told):
        planned(other)


def planned(bucket: Bucket, sha256: str | None = None) -> Weights:
    source = StoredSource("others", "dev/model/1.manifest.json", Kind.MANIFEST, sha256)
    settings = Settings((), "weights", PREFIX, source=source)
    return stored_weights(source, settings, Store(bucket.client, bucket.name))


def test_a_staged_archive_gets_other_code(  # noqa: PLR0917 - fixtures
    program: Program, bucket: Bucket, other: Bucket, hub: Hub, publish: Publish, code: Path
) -> None:
    settings = {"CODE_FOLDER": str(code), "ARCHIVE": "1"}
    program.succeed(MODEL_ID=publish(), DESTINATION="s3://others/dev/model/1/", **settings)
    (code / "inference.py").write_text("changed = True\n")
    hub.requests.clear()

    program.succeed(SOURCE="s3://others/dev/model/1.manifest.json", **settings)

    old, new = members(other.read("dev/model/1/model.tar.gz")), members(bucket.read(KEY))
    assert {path for path in new if old[path] != new[path]} == {"code/inference.py"}
    assert hub.requests == []


def unpacked(archive: bytes, folder: Path) -> dict[str, bytes]:
    """Unpack with GNU tar, which must say nothing."""
    folder.mkdir()
    (folder.parent / "given.tar.gz").write_bytes(archive)
    command = ["tar", "-xzf", "../given.tar.gz"]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    assert done.stderr == ""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}


@pytest.mark.parametrize("mib", [0, 6], ids=["small", "larger than a part"])
def test_a_training_jobs_archive_is_joined_with_code_inside_s3(  # noqa: PLR0917 - fixtures
    program: Program, bucket: Bucket, other: Bucket, code: Path, tmp_path: Path, mib: int
) -> None:
    (code / "big.bin").write_bytes(bytes(range(256)) * 80_000)
    weights = {"config.json": b"{}", "model.bin": bytes(range(256)) * 4096 * mib}
    other.put("job/model.tar.gz", archive_of(weights, level=0))
    bucket.control()

    program.succeed(SOURCE="s3://others/job/model.tar.gz", ARCHIVE="1", CODE_FOLDER=str(code))

    found = unpacked(bucket.read(KEY), tmp_path / "unpacked")
    local = {f"code/{path.name}": path.read_bytes() for path in code.iterdir()}
    assert found == {**weights, **local}
    assert set(members(bucket.read(KEY))) == set(found)
    assert bucket.manifest(PREFIX)["files"][0]["size"] == len(bucket.read(KEY))
    assert not [r for r in bucket.requests() if r.startswith("GET /others/job")]
    assert bucket.tagged("") == set()


def test_a_training_jobs_archive_alone_is_copied(
    program: Program, bucket: Bucket, other: Bucket
) -> None:
    other.put("job/model.tar.gz", archive_of({"config.json": b"{}"}))

    program.succeed(SOURCE="s3://others/job/model.tar.gz", ARCHIVE="1")
    program.succeed(SOURCE="s3://others/job/model.tar.gz", ARCHIVE="1")

    assert bucket.read(KEY) == other.read("job/model.tar.gz")
    (told,) = bucket.manifest(PREFIX)["files"]
    assert told["sha256"] == hashlib.sha256(bucket.read(KEY)).hexdigest()


def test_an_archive_that_is_not_there_is_named(program: Program) -> None:
    log = program.fail(SOURCE="s3://weights/job/model.tar.gz", ARCHIVE="1")

    assert "there is no s3://weights/job/model.tar.gz" in log
