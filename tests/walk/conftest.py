"""Somebody who follows the README in an empty folder."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from chromium import chromium
from sagemaker_model.local.environment.part import CACHE

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
_TITLE = "From a model's name to its answers"
_LONG = 300


def commands() -> list[str]:
    """Return the commands of the README's section, a line each, without their comments."""
    section = README.split(f"## {_TITLE}\n")[1].split("\n## ")[0]
    blocks = re.findall(r"^```sh\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", "").splitlines()
    return [shlex.join(shlex.split(line, comments=True)) for line in lines if line]


def command(*words: str) -> list[str]:
    """Return the README's one command that begins with these words."""
    (found,) = [each for each in map(shlex.split, commands()) if each[: len(words)] == [*words]]
    return found


@dataclass
class Reader:
    """They type what the README has; what they leave running is ended after all.

    Args:
        folder: The folder that they are in.
        environment: Their variables.
    """

    folder: Path
    environment: dict[str, str]
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def types(self, words: list[str]) -> str:
        """Run a command to its end, and return what it printed."""
        done = subprocess.run(
            words,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            check=False,
            capture_output=True,
            text=True,
            timeout=_LONG,
        )
        assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def leaves_running(self, words: list[str], until: str) -> str:
        """Start a command that goes on, and return the URL that it tells behind some words."""
        log = self.folder.with_name(f"{words[1]}-{len(self._running)}.log")
        with log.open("wb") as output:
            process = subprocess.Popen(
                words,
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self._running.append(process)
        deadline = time.monotonic() + _LONG
        told = re.compile(rf"{until}\s+(http://127\.0\.0\.1:\d+)")
        while not (found := told.search(log.read_text(encoding="utf-8"))):
            assert process.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
            time.sleep(0.05)
        return found[1]

    def ends_all(self) -> None:
        """Press Ctrl-C in each terminal, the last one first, and see that each ends."""
        while self._running:
            process = self._running.pop()
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    programs = f"{Path(sys.executable).parent}{os.pathsep}{ROOT / 'node_modules' / '.bin'}"
    told = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    told["PATH"] = f"{programs}{os.pathsep}{told['PATH']}"
    # What make prepared serves here too, so that nothing is downloaded again.
    told.setdefault(CACHE, str(ROOT / ".cache" / "local"))
    somebody = Reader(tmp_path_factory.mktemp("search"), told)
    yield somebody
    somebody.ends_all()
    subprocess.run(
        ["sagemaker-model", "local", "down"],
        cwd=somebody.folder,
        env=told,
        check=False,
        capture_output=True,
        timeout=_LONG,
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser
