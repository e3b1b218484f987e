"""Programs on PATH that write down how they were started."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_PROGRAM = """\
#!{python}
import json, os, sys
name = os.path.basename(sys.argv[0])
told = sys.stdin.read() if "--password-stdin" in sys.argv else ""
started = {{"program": name, "arguments": sys.argv[1:], "told": told}}
started["token"] = os.environ.get("HF_TOKEN")
with open({record!r}, "a") as record:
    record.write(json.dumps(started) + "\\n")
if name == "aws":
    print("a password", end="")
line = " ".join([name, *sys.argv[1:]])
sys.exit(next((code for start, code in {failing!r}.items() if line.startswith(start)), 0))
"""


@dataclass
class Programs:
    """Programs that do nothing else."""

    folder: Path

    def add(self, *names: str, failing: dict[str, int] | None = None) -> None:
        """Put programs on PATH; *failing* has exit codes by how a line begins."""
        for name in names:
            program = self.folder / name
            text = _PROGRAM.format(
                python=sys.executable, record=str(self._record), failing=failing or {}
            )
            program.write_text(text)
            program.chmod(0o755)

    @property
    def started(self) -> list[dict[str, Any]]:
        """What was started, in order."""
        if not self._record.exists():
            return []
        return [json.loads(line) for line in self._record.read_text().splitlines()]

    @property
    def lines(self) -> list[str]:
        """The same as lines."""
        return [" ".join([each["program"], *each["arguments"]]) for each in self.started]

    @property
    def _record(self) -> Path:
        return self.folder / "started.jsonl"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    """No program is on PATH but those that the test adds."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", os.fspath(folder))
    return Programs(folder)
