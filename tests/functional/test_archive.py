"""Models packed as one ``model.tar.gz``, staged by the real program."""

from __future__ import annotations

import gzip
import hashlib
import io
import subprocess
import tarfile
from pathlib import Path

from functional.conftest import PREFIX, STAGED, Bucket, Program, Publish
from sagemaker_model.local.hub.server import Hub

KEY = f"{PREFIX}model.tar.gz"


def members(archive: bytes) -> dict[str, str]:
    """Return the SHA-256 of each file in an archive."""
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
        files = {member.name: tar.extractfile(member) for member in tar.getmembers()}
        return {n: hashlib.sha256(f.read()).hexdigest() for n, f in files.items() if f}


def test_a_real_model_is_packed_whole(
    program: Program, bucket: Bucket, hub: Hub, minilm: str, code: Path
) -> None:
    program.succeed(MODEL_ID=minilm, CODE_FOLDER=str(code), ARCHIVE="1")

    found = members(bucket.read(KEY))
    root = hub.repositories.root / minilm
    assert bucket.stored(PREFIX) == {KEY}
    assert found["model.safetensors"] == hub.repositories.content(root / "model.safetensors").sha256
    assert "code/inference.py" in found
    assert len(found) == len(hub.repositories.files(minilm)) - 1 + 2


def test_tar_and_gzip_read_it(
    program: Program, bucket: Bucket, publish: Publish, tmp_path: Path
) -> None:
    program.succeed(MODEL_ID=publish(), ARCHIVE="1")
    (tmp_path / "model.tar.gz").write_bytes(bucket.read(KEY))

    subprocess.run(["gzip", "--test", tmp_path / "model.tar.gz"], check=True)
    listed = subprocess.run(
        ["tar", "-tzf", tmp_path / "model.tar.gz"], check=True, capture_output=True, text=True
    )

    assert set(listed.stdout.split()) == STAGED
    assert listed.stderr == ""


def test_the_same_input_gives_the_same_bytes(
    program: Program, bucket: Bucket, minilm: str, code: Path
) -> None:
    settings = {"MODEL_ID": minilm, "CODE_FOLDER": str(code), "ARCHIVE": "1"}
    program.succeed(**settings, CONNECTIONS="1")
    first = bucket.read(KEY)
    bucket.empty()

    program.succeed(**settings, CONNECTIONS="7")

    assert bucket.read(KEY) == first


def test_the_manifest_tells_the_archive_and_what_is_in_it(
    program: Program, bucket: Bucket, publish: Publish
) -> None:
    program.succeed(MODEL_ID=publish(), ARCHIVE="1")

    archive = bucket.read(KEY)
    manifest = bucket.manifest(PREFIX)
    (told,) = manifest["files"]
    assert (told["key"], told["size"]) == (KEY, len(archive))
    assert told["sha256"] == hashlib.sha256(archive).hexdigest()
    assert {m["path"]: m["sha256"] for m in manifest["members"]} == members(archive)


def test_other_code_keeps_the_models_bytes_and_needs_no_hub(
    program: Program, bucket: Bucket, hub: Hub, minilm: str, code: Path
) -> None:
    settings = {"MODEL_ID": minilm, "CODE_FOLDER": str(code), "ARCHIVE": "1"}
    program.succeed(**settings)
    (code / "inference.py").write_text("changed = True\n")
    hub.control.faults = [{"match": ".", "reset": True}]

    elsewhere = "stack/model/other/"
    program.succeed(**settings, DESTINATION=f"s3://weights/{elsewhere}", ATTEMPTS="1")

    old, new = bucket.read(KEY), bucket.read(f"{elsewhere}model.tar.gz")
    head = bucket.manifest(PREFIX)["head"]["end"]
    assert new[:head] == old[:head]
    changed = {n for n, digest in members(new).items() if members(old)[n] != digest}
    assert changed == {"code/inference.py"}
    (told,) = bucket.manifest(elsewhere)["files"]
    assert told["sha256"] == hashlib.sha256(new).hexdigest()
    assert all(member["sha256"] for member in bucket.manifest(elsewhere)["members"])


def test_a_reused_beginning_gives_what_packing_anew_gives(
    program: Program, bucket: Bucket, publish: Publish, code: Path
) -> None:
    settings = {"MODEL_ID": publish(), "CODE_FOLDER": str(code), "ARCHIVE": "1"}
    program.succeed(**settings)
    (code / "inference.py").write_text("changed = True\n")
    program.succeed(**settings, DESTINATION="s3://weights/stack/model/reused/")
    reused = bucket.read("stack/model/reused/model.tar.gz")
    bucket.empty()

    program.succeed(**settings)

    assert bucket.read(KEY) == reused


def test_a_second_run_writes_nothing(program: Program, bucket: Bucket, publish: Publish) -> None:
    settings = {"MODEL_ID": publish(), "ARCHIVE": "1"}
    program.succeed(**settings)
    bucket.control()

    program.succeed(**settings)

    assert not [r for r in bucket.requests() if r.startswith(("PUT", "POST", "DELETE"))]


def test_an_archive_takes_files_from_a_prefix_that_is_staged(
    program: Program, bucket: Bucket, hub: Hub, publish: Publish
) -> None:
    model_id = publish()
    program.succeed(MODEL_ID=model_id)
    hub.control.faults = [{"match": "resolve|_signed", "status": 404}]

    program.succeed(MODEL_ID=model_id, ARCHIVE="1", DESTINATION="s3://weights/a/b/c/")

    assert members(bucket.read("a/b/c/model.tar.gz")) == bucket.files(PREFIX)


def test_several_models_are_packed_in_a_folder_each(
    program: Program, bucket: Bucket, publish: Publish, code: Path
) -> None:
    models = f"{publish('one')},{publish('two')}"

    program.succeed(MODEL_ID=models, CODE_FOLDER=str(code), ARCHIVE="1")

    found = members(gzip.compress(gzip.decompress(bucket.read(KEY))))
    assert {"one/model.safetensors", "two/model.safetensors", "code/inference.py"} <= set(found)
