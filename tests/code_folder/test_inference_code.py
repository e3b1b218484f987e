from __future__ import annotations

import os
import warnings
from pathlib import Path

import pytest

from sagemaker_model.code_folder.digest import folder_digest
from sagemaker_model.code_folder.inference_code import read_inference_code


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inference.py").write_text("def predict_fn(data, model): ...\n")
    (tmp_path / "requirements.txt").write_text("sentencepiece==0.2.0\n")
    return tmp_path


def test_a_folder_becomes_plain_data(folder: Path) -> None:
    code = read_inference_code(folder)

    assert list(code.files) == ["inference.py", "requirements.txt"]
    assert list(code.functions) == ["predict_fn"]
    assert [each.name for each in code.requirements.packages] == ["sentencepiece"]
    assert code.complete
    assert code.digest == folder_digest(str(folder))


def test_nothing_of_the_code_is_run_and_its_warnings_are_its_own(folder: Path) -> None:
    (folder / "inference.py").write_text("raise SystemExit('\\d')\n")

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        code = read_inference_code(folder)

    assert code.functions == {}


def test_the_program_may_have_another_name(folder: Path) -> None:
    (folder / "serve.py").write_text("from mine import *\n")

    code = read_inference_code(folder, program="serve")

    assert code == read_inference_code(folder, program="serve.py")
    assert (code.program, dict(code.functions), code.complete) == ("serve.py", {}, False)


def test_a_folder_that_does_not_exist_is_refused_with_where_it_was_looked_for() -> None:
    with pytest.raises(ValueError, match=rf"'nowhere' does not exist \(seen from '{Path.cwd()}'\)"):
        read_inference_code("nowhere")


def test_a_file_is_no_folder(folder: Path) -> None:
    with pytest.raises(ValueError, match="is a file"):
        read_inference_code(folder / "inference.py")


def test_a_missing_program_names_the_python_files_there(folder: Path) -> None:
    with pytest.raises(
        ValueError, match=r"has no handler\.py at its root; .* there: inference\.py$"
    ):
        read_inference_code(folder, program="handler.py")


def test_a_program_lies_at_the_root(folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "deep/serve.py").write_text("")

    with pytest.raises(ValueError, match=r"has no deep/serve\.py at its root"):
        read_inference_code(folder, program="deep/serve.py")


def test_the_folder_around_the_code_is_told_from_it(folder: Path) -> None:
    (folder / "model/code").mkdir(parents=True)
    (folder / "model/code/inference.py").write_text("")

    with pytest.raises(ValueError, match=r"give '.*/model/code', which has one"):
        read_inference_code(folder / "model")


@pytest.mark.parametrize("name", ["inference.py", "helpers.py"])
@pytest.mark.parametrize("source", ["import os\ndef broken(:\n", "import os\nx = '\0'\n"])
def test_a_syntax_error_is_told_with_file_and_line(folder: Path, name: str, source: str) -> None:
    (folder / name).write_text(source)

    with pytest.raises(ValueError, match=rf"{name}:\d is not Python 3\.\d+: .*; mend it"):
        read_inference_code(folder)


def test_a_git_lfs_pointer_is_refused(folder: Path) -> None:
    (folder / "vocab.bin").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:00\n")

    with pytest.raises(ValueError, match=r"can't be staged: A10 .*vocab\.bin.* git lfs pull"):
        read_inference_code(folder)


def test_the_digest_is_of_paths_and_contents_alone(folder: Path) -> None:
    before = folder_digest(folder)
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__/inference.cpython-311.pyc").write_bytes(b"1")
    (folder / "inference.pyc").write_bytes(b"1")
    (folder / "inference.py").chmod(0o755)
    os.utime(folder / "inference.py", (1, 1))

    assert folder_digest(folder) == before


def test_the_digest_is_the_same_everywhere(tmp_path: Path) -> None:
    (tmp_path / "inference.py").write_text("x = 1\n")
    (tmp_path / "b").mkdir()
    (tmp_path / "b/a.py").write_text("")
    (tmp_path / "b.py").write_text("")

    assert folder_digest(tmp_path) == (
        "93e34406ee60417cffd18cb2ccbc2257bce1741428031c21674f4c6af581bd99"
    )


def test_the_digest_changes_with_a_path_or_a_content(folder: Path) -> None:
    digests = [folder_digest(folder)]
    (folder / "requirements.txt").write_text("sentencepiece==0.2.1\n")
    digests.append(folder_digest(folder))
    (folder / "requirements.txt").rename(folder / "requirements-dev.txt")
    digests.append(folder_digest(folder))

    assert len(set(digests)) == 3
