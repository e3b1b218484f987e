"""Models as single files below a prefix, staged by the real program."""

from __future__ import annotations

import json
from pathlib import Path

from functional.conftest import PREFIX, STAGED, Bucket, Program, Publish
from sagemaker_model.local.hub.server import Hub


def test_a_real_model_lies_below_the_prefix_byte_for_byte(
    program: Program, bucket: Bucket, hub: Hub, minilm: str
) -> None:
    program.succeed(MODEL_ID=minilm)

    content = hub.repositories.content
    root = hub.repositories.root / minilm
    paths = set(hub.repositories.files(minilm)) - {".gitattributes"}
    expected = {path: content(root / path).sha256 for path in paths}
    assert bucket.files(PREFIX) == expected
    assert expected["model.safetensors"].startswith("53aa5117")


def test_the_manifest_beside_the_prefix_tells_commit_keys_sizes_and_digests(
    program: Program, bucket: Bucket, hub: Hub, publish: Publish
) -> None:
    model_id = publish()

    program.succeed(MODEL_ID=model_id)

    manifest = bucket.manifest(PREFIX)
    assert manifest["models"] == [
        {"model_id": model_id, "revision": "main", "commit": hub.repositories.commit(model_id)}
    ]
    told = {file["key"].removeprefix(PREFIX): file["sha256"] for file in manifest["files"]}
    assert told == bucket.files(PREFIX)
    assert {file["path"]: file["size"] for file in manifest["files"]}["README.md"] == 6


def test_weights_come_in_one_format_and_without_what_no_server_reads(
    program: Program, bucket: Bucket, publish: Publish
) -> None:
    program.succeed(MODEL_ID=publish())

    assert set(bucket.files(PREFIX)) == STAGED


def test_code_lies_in_its_folder_at_the_root(
    program: Program, bucket: Bucket, publish: Publish, code: Path
) -> None:
    program.succeed(MODEL_ID=publish(), CODE_FOLDER=str(code))

    assert set(bucket.files(PREFIX)) == STAGED | {"code/inference.py", "code/requirements.txt"}


def test_several_models_lie_in_a_folder_each(
    program: Program, bucket: Bucket, publish: Publish, code: Path
) -> None:
    models = f"{publish('one')},{publish('two', **{'README.md': None})}"

    program.succeed(MODEL_ID=models, CODE_FOLDER=str(code))

    found = set(bucket.files(PREFIX))
    assert {"one/model.safetensors", "two/model.safetensors", "code/inference.py"} <= found
    assert "two/README.md" not in found


def test_a_second_run_moves_nothing(
    program: Program, bucket: Bucket, hub: Hub, minilm: str
) -> None:
    program.succeed(MODEL_ID=minilm)
    hub.requests.clear()
    bucket.control()

    program.succeed(MODEL_ID=minilm)

    assert not [r for r in hub.requests if "resolve" in r or "_signed" in r]
    assert not [r for r in bucket.requests() if r.startswith(("PUT", "POST", "DELETE"))]


def test_the_plan_is_printed_and_nothing_is_written(
    program: Program, bucket: Bucket, publish: Publish
) -> None:
    done = program.run("plan", MODEL_ID=publish())

    plan = json.loads(done.stdout)
    assert {file["path"]: file["step"] for file in plan["files"]} == dict.fromkeys(STAGED, "fetch")
    assert bucket.stored() == set()


def test_what_an_earlier_plan_left_below_the_prefix_goes(
    program: Program, bucket: Bucket, publish: Publish, code: Path
) -> None:
    model_id = publish()
    program.succeed(MODEL_ID=model_id, CODE_FOLDER=str(code))

    program.succeed(MODEL_ID=model_id)

    assert set(bucket.files(PREFIX)) == STAGED


def test_files_of_others_below_the_prefix_are_not_touched(
    program: Program, bucket: Bucket, publish: Publish
) -> None:
    bucket.put(f"{PREFIX}precious.txt", b"mine")

    log = program.fail(MODEL_ID=publish())

    assert "precious.txt lies below the destination, but was not staged for it" in log
    assert bucket.stored(PREFIX) == {f"{PREFIX}precious.txt"}


def test_a_staged_file_that_was_changed_is_staged_again(
    program: Program, bucket: Bucket, publish: Publish
) -> None:
    model_id = publish()
    program.succeed(MODEL_ID=model_id)
    before = bucket.files(PREFIX)
    bucket.put(f"{PREFIX}config.json", b"{}" * 16)

    program.succeed(MODEL_ID=model_id)

    assert bucket.files(PREFIX) == before
