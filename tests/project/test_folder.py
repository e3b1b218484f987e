"""Files that are written together, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from sagemaker_model.project.folder import must_be_free, write_files

FILES = {"app.py": "a\n", "code/inner/b.py": "b\n"}


def all_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_files_and_their_folders_are_made(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "app"

    must_be_free(folder, FILES)
    write_files(folder, FILES)

    assert all_in(folder) == {"app.py", "code", "code/inner", "code/inner/b.py"}
    assert (folder / "code/inner/b.py").read_bytes() == b"b\n"


@pytest.mark.parametrize("there", ["app.py", "code/mine.py", "code/inner/b.py"])
def test_what_is_in_the_way_is_named(tmp_path: Path, there: str) -> None:
    (tmp_path / there).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / there).write_text("mine")

    with pytest.raises(ValueError, match="would be in the way") as failure:
        must_be_free(tmp_path, FILES)

    assert there.rpartition("/inner")[0] or there in str(failure.value)


def test_other_files_are_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "notes.txt").write_text("mine")

    must_be_free(tmp_path, FILES)


def test_a_file_in_place_of_the_folder_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "app").write_text("mine")

    with pytest.raises(ValueError, match="app of"):
        must_be_free(tmp_path / "app", FILES)


def test_where_one_file_can_not_be_written_none_stays(tmp_path: Path) -> None:
    # As another program may do between the look and the writing.
    (tmp_path / "z").write_text("mine")

    with pytest.raises(FileExistsError):
        write_files(tmp_path, {**FILES, "z": "ours"})

    assert all_in(tmp_path) == {"z"}
    assert (tmp_path / "z").read_text() == "mine"
