"""The browser of these tests is found before anything is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from chromium import install_chromium


def test_a_browser_that_is_named_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAGEMAKER_MODEL_CHROMIUM", "/opt/mine/chrome")

    assert install_chromium().find_chromium() == "/opt/mine/chrome"


def test_a_browser_on_the_path_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    browser = tmp_path / "chromium"
    browser.touch(mode=0o755)
    monkeypatch.delenv("SAGEMAKER_MODEL_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert install_chromium().find_chromium() == str(browser)


def test_what_can_be_done_is_said_where_there_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tool = install_chromium()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tool, "find_chromium", lambda: None)

    with pytest.raises(SystemExit, match=r"install it .* or say where it is in SAGEMAKER_MODEL_CH"):
        tool.main()
