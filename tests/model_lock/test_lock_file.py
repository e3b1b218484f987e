"""models.lock.json: what is written is read again, and what is wrong is told."""

from __future__ import annotations

import contextlib
import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from model_lock.locks import COMMIT, LOCK, QWEN
from sagemaker_model.model_lock.lock import ModelLock
from sagemaker_model.model_lock.lock_file import (
    LockFileError,
    parse_lock,
    read_lock,
    write_lock,
)
from sagemaker_model.weights.hub_model import HubModel

JUNK = [None, True, -1, 1.5, "text", [], {}, [None], {"a": None}, "\ud800"]
Json = Any


def faulty(change: Callable[[Json], object]) -> str:
    """Return what is said of a lock file that was changed."""
    data = json.loads(write_lock(LOCK))
    change(data)
    with pytest.raises(ValueError, match=r".") as raised:
        parse_lock(json.dumps(data))
    return str(raised.value)


def in_model(data: Json) -> Json:
    return data["models"][str(QWEN)]


def test_what_is_written_is_read_again() -> None:
    assert parse_lock(write_lock(LOCK)) == LOCK


def test_the_same_lock_gives_the_same_text_whatever_the_order_it_was_made_in() -> None:
    other = replace(QWEN, revision="v1")
    one = replace(LOCK, models={str(QWEN): QWEN, str(other): other})
    two = replace(LOCK, models={str(other): other, str(QWEN): QWEN})

    assert write_lock(one) == write_lock(two)


def test_each_file_of_a_model_is_a_line_so_that_differences_are_small() -> None:
    text = write_lock(LOCK)

    assert f'{{"path": "empty", "size": 0, "blob_id": "{"2" * 40}"}},\n' in text
    assert text.endswith("}\n")


def test_a_model_is_found_by_what_the_app_asks_for() -> None:
    tagged = replace(QWEN, revision="v1", commit="b" * 40)
    lock = ModelLock(models={str(QWEN): QWEN, str(tagged): tagged})

    assert lock.model(HubModel(QWEN.id)) == QWEN
    assert lock.model(HubModel(QWEN.id, "v1")) == tagged
    assert lock.model(HubModel(QWEN.id, COMMIT)) == QWEN
    assert lock.model(HubModel(QWEN.id, "v2")) is None
    assert lock.model(HubModel(QWEN.id, "c" * 40)) is None
    assert lock.model(HubModel("other/name", COMMIT)) is None
    assert parse_lock(write_lock(lock)) == lock


def test_keys_of_a_newer_version_are_left_alone() -> None:
    data = json.loads(write_lock(LOCK))
    data["new"] = in_model(data)["new"] = data["images"]["huggingface-vllm/gpu"]["new"] = 1

    assert parse_lock(json.dumps(data)) == LOCK


def test_a_value_of_another_type_is_told_with_its_place() -> None:
    told = faulty(lambda data: in_model(data)["files"][1].update(size="big"))

    assert told == (
        "models.Qwen/Qwen2.5-7B-Instruct.files[1].size must be a whole number that is not "
        "negative, got 'big'"
    )


def test_what_is_missing_is_told_with_its_place() -> None:
    assert faulty(lambda data: in_model(data).pop("commit")) == (
        "models.Qwen/Qwen2.5-7B-Instruct.commit is missing"
    )


def test_a_commit_that_is_none_is_told_with_its_place() -> None:
    assert faulty(lambda data: in_model(data).update(commit="main")) == (
        "models.Qwen/Qwen2.5-7B-Instruct.commit must be 40 hexadecimal digits, got 'main'"
    )


def test_a_newer_format_asks_for_a_newer_library() -> None:
    assert "upgrade cdk-sagemaker-model" in faulty(lambda data: data.update(version=2))


@pytest.mark.parametrize("version", [None, "1", True, 0, 1.0], ids=repr)
def test_a_version_that_is_none_is_told(version: object) -> None:
    assert "version must be 1" in faulty(lambda data: data.update(version=version))


def test_a_file_that_is_not_there_names_the_command_that_writes_it(tmp_path: Path) -> None:
    with pytest.raises(LockFileError, match=r"there is no lock file .*sagemaker-model lock --file"):
        read_lock(tmp_path / "models.lock.json")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{\n "version": 1,\n<<<<<<< HEAD\n}', "line 3 is no JSON"),
        (b"", "line 1 is no JSON"),
        (b"[]", r"the file must be an object, got \[\]"),
        (b"\xff\xfe", "can't be read"),
        (b"[" * 200_000, "nested too deep"),
        (b"1" * 5000, "is wrong: Exceeds the limit"),
    ],
    ids=["conflict", "empty", "list", "bytes", "deep", "long number"],
)
def test_a_file_that_is_no_lock_is_told_with_its_name(
    tmp_path: Path, content: bytes, told: str
) -> None:
    path = tmp_path / "models.lock.json"
    path.write_bytes(content)

    with pytest.raises(LockFileError, match=told) as raised:
        read_lock(path)

    assert str(path) in str(raised.value)


def test_a_folder_is_no_lock_file(tmp_path: Path) -> None:
    with pytest.raises(LockFileError, match="can't be read"):
        read_lock(tmp_path)


def test_any_json_gives_a_lock_or_a_plain_error() -> None:
    chance = random.Random(7)
    read = 0

    for _ in range(500):
        data = json.loads(write_lock(LOCK))
        for _ in range(chance.randint(1, 3)):
            spoil(data, chance)
        with contextlib.suppress(ValueError):
            lock = parse_lock(json.dumps(data))
            read += 1
            assert parse_lock(write_lock(lock)) == lock

    assert 0 < read < 500


def spoil(data: Json, chance: random.Random) -> None:
    """Put something else in a random place."""
    while isinstance(data, (dict, list)) and data:
        key = chance.choice(list(data) if isinstance(data, dict) else range(len(data)))
        inner = data[key]
        if not isinstance(inner, (dict, list)) or not inner or chance.random() < 0.2:
            data[key] = chance.choice(JUNK)
            return
        data = inner
