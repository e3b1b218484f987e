"""Nothing moves twice: copies inside S3, and runs without the Hub."""

from __future__ import annotations

from pathlib import Path

import pytest

from functional.conftest import PREFIX, Bucket, Program, Publish
from sagemaker_model.local.hub.server import Hub

OTHER = "another/stack/digest/"
ELSEWHERE = f"s3://weights/{OTHER}"
OFF = [{"match": ".", "reset": True}]


def test_equal_files_are_copied_inside_s3(
    program: Program, bucket: Bucket, hub: Hub, minilm: str
) -> None:
    program.succeed(MODEL_ID=minilm)
    hub.requests.clear()
    bucket.control()

    program.succeed(MODEL_ID=minilm, DESTINATION=ELSEWHERE)

    assert bucket.files(OTHER) == bucket.files(PREFIX)
    assert not [r for r in hub.requests if "resolve" in r or "_signed" in r]
    assert [r for r in bucket.requests() if f"{OTHER}model.safetensors" in r and " from " in r]


def test_equal_weights_of_another_model_are_copied_inside_s3(
    program: Program, bucket: Bucket, hub: Hub, publish: Publish
) -> None:
    program.succeed(MODEL_ID=publish("one"))
    hub.requests.clear()

    program.succeed(MODEL_ID=publish("two", **{"README.md": b"# Two"}), DESTINATION=ELSEWHERE)

    assert not [r for r in hub.requests if "_signed" in r]
    assert bucket.read(f"{OTHER}README.md") == b"# Two"


def test_other_code_alone_needs_neither_hub_nor_token(
    program: Program, bucket: Bucket, hub: Hub, publish: Publish, code: Path
) -> None:
    model_id = publish()
    hub.control.gated = {model_id: "hf_secret"}
    program.succeed(MODEL_ID=model_id, CODE_FOLDER=str(code), HF_TOKEN="hf_secret")
    (code / "inference.py").write_text("changed = True\n")
    hub.control.faults = list(OFF)

    program.succeed(MODEL_ID=model_id, CODE_FOLDER=str(code), DESTINATION=ELSEWHERE, ATTEMPTS="1")

    assert bucket.read(f"{OTHER}code/inference.py") == b"changed = True\n"
    assert bucket.files(OTHER).keys() == bucket.files(PREFIX).keys()


def test_a_commit_that_was_staged_is_never_asked_for_again(
    program: Program, hub: Hub, publish: Publish
) -> None:
    model_id = publish()
    pinned = f"{model_id}@{hub.repositories.commit(model_id)}"
    program.succeed(MODEL_ID=pinned)
    hub.requests.clear()

    program.succeed(MODEL_ID=pinned, DESTINATION=ELSEWHERE)

    assert hub.requests == []


def test_a_branch_that_moved_is_staged_anew(
    program: Program, bucket: Bucket, hub: Hub, publish: Publish
) -> None:
    model_id = publish()
    program.succeed(MODEL_ID=model_id)
    publish(**{"README.md": b"# Newer"})

    program.succeed(MODEL_ID=model_id, DESTINATION=ELSEWHERE)

    assert bucket.read(f"{OTHER}README.md") == b"# Newer"
    assert bucket.manifest(OTHER)["models"][0]["commit"] == hub.repositories.commit(model_id)


def test_a_hub_that_is_away_is_an_error_where_nothing_is_staged(
    program: Program, hub: Hub, publish: Publish
) -> None:
    hub.control.faults = list(OFF)

    log = program.fail(MODEL_ID=publish(), ATTEMPTS="2")

    assert "no answer" in log
    assert "2 times in all" in log


def test_a_copy_whose_source_was_replaced_is_not_taken(
    program: Program, bucket: Bucket, publish: Publish
) -> None:
    model_id = publish()
    program.succeed(MODEL_ID=model_id)
    staged = bucket.files(PREFIX)
    bucket.put(f"{PREFIX}model.safetensors", b"x" * 256 * 400)

    program.succeed(MODEL_ID=model_id, DESTINATION=ELSEWHERE)

    assert bucket.files(OTHER) == staged


@pytest.mark.parametrize("selection", ["ALLOW_PATTERNS", "IGNORE_PATTERNS"])
def test_another_selection_does_not_take_the_staged_list_of_files(
    program: Program, bucket: Bucket, publish: Publish, selection: str
) -> None:
    model_id = publish()
    program.succeed(MODEL_ID=model_id)
    pattern = {"ALLOW_PATTERNS": "*.json,*.safetensors", "IGNORE_PATTERNS": "*.md"}[selection]

    program.succeed(MODEL_ID=model_id, DESTINATION=ELSEWHERE, **{selection: pattern})

    assert f"{OTHER}README.md" not in bucket.stored()
