"""What ``make`` prepares is missed aloud where it is named; only unnamed is it skipped over."""

from __future__ import annotations

from pathlib import Path

import pytest

from made_by_make import ROOT, found, needed

NAME = "SAGEMAKER_MODEL_TEST_ONLY"


def test_what_is_named_is_taken_and_else_the_usual_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert needed(NAME, "Makefile") == ROOT / "Makefile"

    monkeypatch.setenv(NAME, str(tmp_path))

    assert needed(NAME, "Makefile") == tmp_path


def test_what_is_named_and_not_there_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(NAME, str(tmp_path / "gone"))

    with pytest.raises(pytest.fail.Exception, match=f"{NAME} names .*gone, which is not there"):
        needed(NAME, "Makefile")


def test_what_nobody_names_and_is_not_there_is_skipped() -> None:
    assert found(NAME, "gone") is None
    with pytest.raises(pytest.skip.Exception, match="needs gone, which `make unit` makes"):
        needed(NAME, "gone")
