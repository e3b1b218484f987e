"""Repositories that mean harm: they are refused, or kept inside the prefix."""

from __future__ import annotations

from pathlib import Path

import pytest

from functional.conftest import PREFIX, Bucket, Program, Publish
from sagemaker_model.local.hub.server import Hub


def entry(path: str, size: int = 5) -> dict[str, object]:
    return {"type": "file", "oid": "0" * 40, "size": size, "path": path}


NAMES = {
    "parent": "../../etc/passwd",
    "parent inside": "a/../../b",
    "absolute": "/etc/passwd",
    "empty segment": "a//b",
    "here": "./config",
    "backslash": "..\\windows",
    "control character": "a\nb",
    "too long": "a" * 256,
    "file and folder": "config.json/inner",
    "twice": "twice.txt",
}


@pytest.mark.parametrize("path", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("archive", ["", "1"], ids=["prefix", "archive"])
def test_a_hostile_name_is_refused_before_a_byte_moves(  # noqa: PLR0917 - fixtures
    program: Program, bucket: Bucket, hub: Hub, publish: Publish, path: str, archive: str
) -> None:
    model_id = publish()
    entries = [entry(path), entry(path)] if path == "twice.txt" else [entry(path)]
    hub.control.extra = {model_id: entries}

    log = program.fail(MODEL_ID=model_id, ARCHIVE=archive, IGNORE_RULES="A1")

    assert "A9" in log
    assert bucket.stored(PREFIX) == set()


def test_names_that_look_odd_but_harm_nobody_are_kept(
    program: Program, bucket: Bucket, publish: Publish
) -> None:
    odd = {"a b/Ünïcødé %2e%2e?.txt": b"odd", "..hidden..": b"dots", "+&=#@.json": b"{}"}

    program.succeed(MODEL_ID=publish(**odd))

    assert odd.keys() <= bucket.files(PREFIX).keys()
    assert all(key.startswith("stack/model/digest") for key in bucket.stored())


def test_more_files_than_any_server_loads_are_refused(
    program: Program, hub: Hub, publish: Publish
) -> None:
    model_id = publish()
    hub.control.extra = {model_id: [entry(f"{n}.txt") for n in range(100_001)]}

    log = program.fail(MODEL_ID=model_id, STALL_SECONDS="30")

    assert "more than 100000 files" in log


@pytest.mark.parametrize("lie", [-1, 1, 10**6])
@pytest.mark.parametrize("path", ["model.safetensors", "README.md"])
def test_a_listing_that_lies_about_a_size_is_refused(  # noqa: PLR0917 - fixtures
    program: Program, bucket: Bucket, hub: Hub, publish: Publish, path: str, lie: int
) -> None:
    model_id = publish()
    told = hub.repositories.entry(model_id, path)
    hub.control.extra = {model_id: [{**told, "size": told["size"] + lie}]}

    log = program.fail(MODEL_ID=model_id)

    assert "listed with" in log or "digest" in log
    assert f"{PREFIX}{path}" not in bucket.stored()


def test_a_listing_that_lies_about_a_digest_is_refused(
    program: Program, bucket: Bucket, hub: Hub, publish: Publish
) -> None:
    model_id = publish()
    told = hub.repositories.entry(model_id, "model.safetensors")
    lfs = {"oid": "f" * 64, "size": told["size"], "pointerSize": 134}
    hub.control.extra = {model_id: [{**told, "lfs": lfs}]}

    log = program.fail(MODEL_ID=model_id)

    assert "model.safetensors: the digest is" in log
    assert f"{PREFIX}model.safetensors" not in bucket.stored()


RULES = {
    "A1": {"config.json": None},
    "A2": {"tokenizer_config.json": None, "config.json": b'{"architectures": ["XForCausalLM"]}'},
    "A4": {"model.safetensors": None, "pytorch_model.bin": None},
    "A6": {"model.safetensors.index.json": b'{"weight_map": {"a": "model-00001-of-00002.x"}}'},
    "A8": {"weights.zip": b"zip"},
    "A12": {"serving.properties": b"option.model_id=org/name\n"},
}


@pytest.mark.parametrize(("rule", "contents"), RULES.items(), ids=RULES)
def test_a_broken_rule_is_named_with_its_way_out(
    program: Program, bucket: Bucket, publish: Publish, rule: str, contents: dict[str, bytes | None]
) -> None:
    log = program.fail(MODEL_ID=publish(**contents), ALLOW_PATTERNS="*" if rule == "A8" else "")

    assert f"{rule} " in log
    assert "IGNORE_RULES" in log
    assert bucket.stored(PREFIX) == set()


def test_a_rule_can_be_passed_over(program: Program, bucket: Bucket, publish: Publish) -> None:
    program.succeed(MODEL_ID=publish(**{"config.json": None}), IGNORE_RULES="A1")

    assert f"{PREFIX}model.safetensors" in bucket.stored()


def test_a_git_lfs_pointer_in_the_code_is_refused(
    program: Program, publish: Publish, code: Path
) -> None:
    (code / "weights.bin").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:1\n")

    assert "A10" in program.fail(MODEL_ID=publish(), CODE_FOLDER=str(code))


def test_a_link_in_the_code_is_staged_as_the_file_it_leads_to(
    program: Program, bucket: Bucket, publish: Publish, code: Path, tmp_path: Path
) -> None:
    (tmp_path / "shared.py").write_text("shared = True\n")
    (code / "shared.py").symlink_to(tmp_path / "shared.py")

    program.succeed(MODEL_ID=publish(), CODE_FOLDER=str(code))

    assert bucket.read(f"{PREFIX}code/shared.py") == b"shared = True\n"


def test_a_link_that_leads_nowhere_is_refused(
    program: Program, publish: Publish, code: Path
) -> None:
    (code / "gone.py").symlink_to("/not/there")

    assert "A11" in program.fail(MODEL_ID=publish(), CODE_FOLDER=str(code))
