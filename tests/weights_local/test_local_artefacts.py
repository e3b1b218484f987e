"""A local model is checked by the staging program's own rules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sagemaker_model.weights.local_artefacts import check_local_model

SOUND = {
    "config.json": '{"architectures": ["BertModel"]}',
    "tokenizer_config.json": "{}",
    "tokenizer.json": "{}",
    "model.safetensors": "weights",
}


def model(folder: Path, **changes: str | None) -> Path:
    """Write a model that is sound but for some files, whose dots are written as underscores."""
    files = {**SOUND, **{name.replace("__", "."): text for name, text in changes.items()}}
    for name, text in files.items():
        if text is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
    return folder


def test_a_sound_model_has_nothing_to_tell(tmp_path: Path) -> None:
    assert check_local_model(model(tmp_path)) == ()
    assert check_local_model(str(tmp_path)) == ()


def test_what_git_and_python_leave_there_is_not_looked_at(tmp_path: Path) -> None:
    model(tmp_path)
    for name in (".git/objects/pack.tar.gz", "__pycache__/modeling_x.cpython-311.pyc"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("")

    assert check_local_model(tmp_path) == ()


def test_what_stops_no_build_is_told_with_its_rule_and_file(tmp_path: Path) -> None:
    model(tmp_path, modeling_mine__py="", tokenizer__json=None)

    told = check_local_model(tmp_path)

    assert [text.split(":")[0] for text in told] == ["A3 tokenizer.json", "A7 modeling_mine.py"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"config__json": None}, "A1 config.json: is missing"),
        ({"model__safetensors": None}, r"A4 \*.safetensors: no weights are there"),
        (
            {"model__safetensors__index__json": json.dumps({"weight_map": {"a": "b.safetensors"}})},
            "A6 b.safetensors: is named by",
        ),
        ({"weights__tar__gz": "x"}, "A8 weights.tar.gz: is an archive"),
        (
            {"model__safetensors": "version https://git-lfs.github.com/spec/v1\noid sha256:0\n"},
            "A10 .*model.safetensors: is a git-LFS pointer",
        ),
        ({"serving__properties": "option.model_id=org/name\n"}, "A12 serving.properties"),
    ],
)
def test_what_stops_the_build_stops_the_synthesis(
    changes: dict[str, str | None], told: str, tmp_path: Path
) -> None:
    model(tmp_path, **changes)

    with pytest.raises(ValueError, match=told):
        check_local_model(tmp_path)


def test_all_that_stops_is_told_together(tmp_path: Path) -> None:
    model(tmp_path, config__json=None, model__safetensors=None)

    with pytest.raises(ValueError, match=r"is no model that can be served: A1 .*; A4 "):
        check_local_model(tmp_path)


def test_a_rule_that_is_passed_over_stops_and_tells_nothing(tmp_path: Path) -> None:
    model(tmp_path, config__json=None, tokenizer__json=None)

    assert check_local_model(tmp_path, ignore_rules=["A1", "A3"]) == ()


def test_a_refusal_names_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\(ignore_rules names rules to pass over\)$"):
        check_local_model(model(tmp_path, config__json=None))


def test_a_link_into_a_cache_is_followed_and_one_that_leads_nowhere_is_refused(
    tmp_path: Path,
) -> None:
    blobs, folder = tmp_path / "blobs", tmp_path / "snapshot"
    blobs.mkdir()
    (blobs / "0123").write_text("weights")
    model(folder, model__safetensors=None)
    (folder / "model.safetensors").symlink_to(blobs / "0123")
    assert check_local_model(folder) == ()

    (blobs / "0123").unlink()

    with pytest.raises(ValueError, match=r"A11 .*the link leads nowhere"):
        check_local_model(folder)


def test_a_folder_that_is_none_is_refused_with_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=rf"'nowhere' is no folder \(seen from '{Path.cwd()}'\)"):
        check_local_model("nowhere")
    with pytest.raises(ValueError, match="is no folder"):
        check_local_model(model(tmp_path) / "config.json")
