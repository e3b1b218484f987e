"""``serve`` runs a code folder by the real toolkit, follows changes, and ends all that it began.

One command serves for all tests here; each makes the code what it needs.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from local.serving.conftest import JSON
from local.serving.recorded import ANSWERED, ECHO, REFUSED, as_recorded
from made_by_make import serving_python
from sagemaker_model.local.serving.answers import Answer
from sagemaker_model.local.serving.loopback import ask
from sagemaker_model.serve.front import WARNING_HEADER

HELLO = b'{"inputs":"hello"}'
LONGEST = 60.0


@dataclass
class Command:
    """The command as it runs, and what it said."""

    process: subprocess.Popen[str]
    code: Path
    url: str = ""
    lines: list[str] = field(default_factory=list)

    def ask(self, body: bytes, **headers: str) -> Answer:
        port = int(self.url.rpartition(":")[2])
        return ask(port, "/invocations", body, {**JSON, **headers}, LONGEST)

    def await_that(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + LONGEST
        while not holds():
            assert time.monotonic() < deadline, self.said
            assert self.process.poll() is None, self.said
            time.sleep(0.02)

    @property
    def said(self) -> str:
        return "\n".join(self.lines)


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "sagemaker_model.cli", "serve", *map(str, arguments)]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    home = tmp_path_factory.mktemp("serve")
    code, weights = home / "code", home / "weights"
    code.mkdir()
    weights.mkdir()
    (code / "inference.py").write_text(ECHO)
    options = ["--weights", weights, "--port", 0, "--serving-python", serving_python()]
    with subprocess.Popen(
        command(code, *options),
        env={**os.environ, "SAGEMAKER_MODEL_CACHE": str(home / "cache")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        running = Command(process, code)
        reading = threading.Thread(target=_read, args=[running])
        reading.start()
        assert process.stdout
        try:
            running.url = process.stdout.readline().strip()
            running.await_that(lambda: "Ctrl-C ends it" in running.said)
            yield running
        finally:
            process.terminate()
            reading.join()


def _read(running: Command) -> None:
    assert running.process.stderr
    for line in running.process.stderr:
        running.lines.append(line.rstrip())


def test_every_answer_is_that_of_the_real_server(served: Command) -> None:
    port = int(served.url.rpartition(":")[2])
    answers = {
        what: ask(port, "/invocations", body, headers, LONGEST)
        for what, (headers, body, _) in {**ANSWERED, **REFUSED}.items()
    }

    assert {what: (each.status, each.body) for what, each in answers.items()} == {
        **{what: (200, body) for what, (_, _, body) in ANSWERED.items()},
        **{what: (400, as_recorded(text).encode()) for what, (_, _, text) in REFUSED.items()},
    }
    assert {each.headers["content-type"] for each in answers.values()} == {"application/json"}


def test_the_line_that_it_prints_works(served: Command) -> None:
    line = re.search(r"sagemaker-model invoke (\S+) '(.+)'", served.said)

    assert line
    assert line[1] == served.url
    assert served.ask(line[2].encode()).status == 200


def test_changed_code_answers_when_it_is_ready_and_what_is_broken_never_does(
    served: Command,
) -> None:
    program = served.code / "inference.py"

    program.write_text(ECHO.replace('"echo"', '"changed"'))
    served.await_that(lambda: served.ask(HELLO).body == b'{"changed":"hello"}')
    program.write_text("raise RuntimeError('not to be loaded')\n" + ECHO)
    served.await_that(lambda: WARNING_HEADER.lower() in served.ask(HELLO).headers)
    broken = served.ask(HELLO)
    program.write_text(ECHO)
    served.await_that(lambda: served.ask(HELLO).body == b'{"echo":"hello"}')

    assert broken.body == b'{"changed":"hello"}'
    assert "does not load" in broken.headers[WARNING_HEADER.lower()]
    assert "RuntimeError: not to be loaded" in served.said
    assert WARNING_HEADER.lower() not in served.ask(HELLO).headers


def test_code_with_an_error_of_the_contract_does_not_take_over(served: Command) -> None:
    (served.code / "inference.py").write_text("async def model_fn(model_dir):\n    return 1\n")
    served.await_that(lambda: "model_fn is async" in served.said)
    served.await_that(lambda: WARNING_HEADER.lower() in served.ask(HELLO).headers)

    assert served.ask(HELLO).body == b'{"echo":"hello"}'
    (served.code / "inference.py").write_text(ECHO)
    served.await_that(lambda: WARNING_HEADER.lower() not in served.ask(HELLO).headers)


def test_sigterm_ends_all_that_was_started(served: Command) -> None:
    began = psutil.Process(served.process.pid).children(recursive=True)
    # Ctrl-C reaches all processes of a terminal, and the CDK's Node.js would tell that it ended.
    assert not [each for each in began if each.name() == "node"]

    served.process.send_signal(signal.SIGTERM)

    assert served.process.wait(LONGEST) == 0
    assert began
    _, alive = psutil.wait_procs(began, timeout=LONGEST)
    assert alive == []
