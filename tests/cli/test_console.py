"""How commands speak to people and to programs."""

from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO

import pytest
from rich.console import Console

from sagemaker_model.cli import console


@pytest.mark.parametrize("terminal", [True, False], ids=["a terminal", "a file"])
def test_progress_is_shown_on_a_terminal_alone(
    terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = StringIO()
    monkeypatch.setattr(console, "err", Console(file=shown, force_terminal=terminal))

    assert [*console.tracked(["a", "b"], "asking")] == ["a", "b"]

    assert ("asking" in shown.getvalue()) == terminal


def test_colours_are_left_out_where_no_color_is_set() -> None:
    code = "from sagemaker_model.cli.console import err; err.print('error:', style='red')"
    plain, coloured = (
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "TERM": "xterm", "FORCE_COLOR": "1", **variables},
            capture_output=True,
            text=True,
            check=True,
        ).stderr
        for variables in ({"NO_COLOR": "1"}, {"NO_COLOR": ""})
    )

    assert plain == "error:\n"
    assert coloured != plain
