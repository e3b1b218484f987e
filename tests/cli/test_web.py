"""``web`` says what it can't serve before it serves anything."""

from __future__ import annotations

import sys

import pytest
from typer.testing import CliRunner, Result

from sagemaker_model.cli.main import app


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["web", "search", "--no-open", "--port", "0", *arguments])


@pytest.mark.usefixtures("aws")
def test_a_page_that_the_engine_has_not_is_refused() -> None:
    done = run("--page", "chat")

    assert done.exit_code == 1
    assert done.stderr.startswith("error: TEI answers no chats at /invocations; ask for what")


@pytest.mark.usefixtures("aws")
def test_without_gradio_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gradio", None)
    for name in [name for name in sys.modules if name.startswith("sagemaker_model.web.")]:
        monkeypatch.delitem(sys.modules, name)

    done = run()

    assert done.exit_code == 1
    assert done.stderr == (
        "error: this needs gradio, which is not installed; pip install 'cdk-sagemaker-model[web]'\n"
    )


def test_an_unknown_page_is_a_wrong_use() -> None:
    assert run("--page", "paint").exit_code == 2
