"""requirements.txt, compared with what the packaging library reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Reference
from packaging.utils import canonicalize_name

from sagemaker_model.code_folder.requirements import (
    FILE,
    Requirements,
    read_requirement,
    read_requirements,
)


def read(folder: Path, text: str) -> Requirements:
    (folder / FILE).write_text(text)
    return read_requirements(folder)


@given(st.text(alphabet="aB1.-[],()<>=!~ ", min_size=1, max_size=14).map(str.strip))
@example("a[b,c]>=1,<2")
@example("a (>=1)")
@example("1()")
@example("1<1,")
@example("a,")
def test_a_line_is_read_exactly_where_it_is_a_requirement(text: str) -> None:
    # packaging takes "===" with nothing behind it, which no version is equal to, and does not know
    # pip's options behind a requirement.
    assume(not re.search(r"===\s*($|[,)])|\s-", text))
    try:
        expected = Reference(text)
    except InvalidRequirement:
        with pytest.raises(ValueError, match="can't be read by pip"):
            read_requirement(text)
    else:
        found = read_requirement(text)
        assert found.name == canonicalize_name(expected.name)
        assert {str(each) for each in found.specifiers} == {str(s) for s in expected.specifier}


@pytest.mark.parametrize(
    ("text", "name", "location", "marker"),
    [
        ("Sentence_Transformers", "sentence-transformers", "", ""),
        ("a==1 ; python_version < '3.12'", "a", "", "python_version < '3.12'"),
        ("a>=1;sys_platform == 'linux'", "a", "", "sys_platform == 'linux'"),
        ("a @ https://host/a.whl", "a", "https://host/a.whl", ""),
        (
            "a[x] @ https://host/a.whl ; os_name == 'posix'",
            "a",
            "https://host/a.whl",
            "os_name == 'posix'",
        ),
        ("./wheels/a-1.whl", "", "./wheels/a-1.whl", ""),
        ("wheels/a-1.whl", "", "wheels/a-1.whl", ""),
        ("a-1-py3-none-any.whl", "", "a-1-py3-none-any.whl", ""),
        ("git+https://host/a@main", "", "git+https://host/a@main", ""),
        ("a==1 --hash=sha256:00 --hash=sha256:11", "a", "", ""),
        ("a==${A_VERSION}", "", "a==${A_VERSION}", ""),
    ],
)
def test_names_locations_and_markers_are_told_apart(
    text: str, name: str, location: str, marker: str
) -> None:
    found = read_requirement(text)

    assert (found.name, found.location, found.marker) == (name, location, marker)


@pytest.mark.parametrize("text", ["torch=2.6", "torch==", "torch 2.6", "torch >=", "my package"])
def test_a_line_that_pip_could_not_read_is_refused_with_its_place(
    text: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=r"^requirements\.txt:2 can't be read by pip: '.*==4\.51"):
        read(tmp_path, f"# mine\n{text}  # why\n")


@pytest.mark.parametrize(
    ("text", "pinned"),
    [
        ("a==1.0", True),
        ("a===1", True),
        ("a @ https://host/a.whl", True),
        ("a", False),
        ("a>=1", False),
        ("a==1.*", False),
    ],
)
def test_only_one_version_is_a_pin(text: str, *, pinned: bool) -> None:
    assert read_requirement(text).pinned is pinned


def test_comments_empty_lines_and_continued_lines_are_read_as_pip_does(tmp_path: Path) -> None:
    found = read(
        tmp_path, "\ufeff# a\n\na==1 # one\nb \\\n  ==2\n--no-index\nc==3\\\n# end\nd==4\\"
    )

    assert [each.where for each in found.packages] == [f"{FILE}:{line}" for line in (3, 4, 7, 9)]
    assert [each.name for each in found.packages] == ["a", "b", "c", "d"]
    assert found.options == ("--no-index",)


def test_a_folder_without_the_file_requires_nothing(tmp_path: Path) -> None:
    assert read_requirements(tmp_path) == Requirements()


def test_included_files_are_read_from_where_they_are_named(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more/base.txt").write_text("b==2\n-r next.txt\n-c limits.txt")
    (tmp_path / "more/next.txt").write_text("c==3\n-r base.txt")
    (tmp_path / "more/limits.txt").write_text("d==4")

    found = read(tmp_path, "a==1\n--requirement=more/base.txt\n")

    assert [each.where for each in found.packages] == [
        "requirements.txt:1",
        "more/base.txt:1",
        "more/next.txt:1",
    ]


@pytest.mark.parametrize("path", ["missing.txt", "../outside.txt", "/etc/hostname"])
@pytest.mark.parametrize("option", ["-r", "-c", "--constraint="])
def test_an_included_file_that_is_not_staged_is_refused(
    option: str, path: str, tmp_path: Path
) -> None:
    (tmp_path / "outside.txt").write_text("a==1")
    folder = tmp_path / "code"
    folder.mkdir()

    with pytest.raises(ValueError, match=r"requirements\.txt:1 names '.*' and so not staged"):
        read(folder, f"{option} {path}")


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"a==1 # caf\xe9")

    with pytest.raises(ValueError, match="is not written in UTF-8"):
        read_requirements(tmp_path)


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("a==1", True),
        ("./wheels/a.whl", True),
        ("-e ./package", True),
        ("--no-index\n--find-links wheels\na==1", False),
        ("--no-index\na @ https://host/a.whl", True),
        ("--index-url https://host/simple", False),
        ("# nothing", False),
    ],
)
def test_a_network_is_needed_unless_pip_is_told_to_ask_no_index(
    text: str, tmp_path: Path, *, needed: bool
) -> None:
    assert read(tmp_path, text).needs_network is needed
