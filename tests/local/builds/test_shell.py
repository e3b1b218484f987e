"""The shell in which a build's commands run."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.builds.cloud import lives
from sagemaker_model.local.builds.shell import Shell

Start = Callable[[str], Shell]


@pytest.fixture
def printed(tmp_path: Path) -> Path:
    return tmp_path / "printed"


@pytest.fixture
def start(tmp_path: Path, printed: Path) -> Iterator[Start]:
    shells: list[Shell] = []
    scratch, folder = tmp_path / "scratch", tmp_path / "folder"
    scratch.mkdir()
    folder.mkdir()
    with printed.open("wb") as output:

        def make(program: str) -> Shell:
            environment = {"PATH": os.environ["PATH"], "GIVEN": "yes"}
            shells.append(
                Shell(
                    program, folder, environment, scratch=scratch, output=output.fileno(), grace=0.2
                )
            )
            return shells[-1]

        yield make
        for shell in shells:
            shell.close()


@pytest.fixture(params=["sh", "bash"])
def shell(request: pytest.FixtureRequest, start: Start) -> Shell:
    return start(request.param)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


def test_variables_functions_and_the_folder_last_from_command_to_command(
    shell: Shell, printed: Path
) -> None:
    for command in ("export A=1", "B=2", "twice() { echo $1$1; }", "mkdir x && cd x"):
        assert shell.run(command) == 0

    assert shell.run('twice "$A$B$GIVEN" && basename "$PWD"') == 0
    assert printed.read_text() == "12yes12yes\nx\n"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("true", 0),
        ("false", 1),
        ("exit 7", 7),
        ("exit 0", 0),
        ("no-such-program", 127),
        ("if then", 2),
        ("set -e\nfalse\necho never", 1),
        ("false\necho last decides", 0),
        ("kill -9 $$", -signal.SIGKILL),
    ],
)
def test_a_command_has_the_exit_code_that_the_shell_says(
    shell: Shell, command: str, code: int
) -> None:
    assert shell.run(command) == code


def test_what_was_exported_outlasts_a_command_that_ends_the_shell(
    shell: Shell, printed: Path
) -> None:
    shell.run("export A='it''s 1'; mkdir x; cd x")

    assert shell.run("export B=2; exit 3") == 3
    assert shell.run('echo "$A $B $(basename "$PWD")"') == 0
    assert printed.read_text() == "its 1 2 x\n"


def test_commands_find_nothing_on_standard_input(shell: Shell, printed: Path) -> None:
    assert shell.run("cat; echo done") == 0
    assert printed.read_text() == "done\n"


def test_errors_and_output_keep_their_order(shell: Shell, printed: Path) -> None:
    shell.run("echo one; echo two >&2; echo three")

    assert printed.read_text() == "one\ntwo\nthree\n"


def test_values_of_variables_are_told_but_not_of_unset_ones(shell: Shell) -> None:
    shell.run("A=1\nB='two\nlines'\nEMPTY=")

    assert shell.values(["A", "B", "EMPTY", "C"]) == {"A": "1", "B": "two\nlines", "EMPTY": ""}


def test_plain_sh_is_not_bash(start: Start) -> None:
    assert start("sh").run("[[ a == a ]]") != 0
    assert start("bash").run("[[ a == a ]]") == 0


def test_killing_it_ends_the_command_and_all_that_it_started(shell: Shell, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    codes: list[int] = []
    command = f"sleep 1000 & echo $! >{pids}; sleep 1000 & echo $! >>{pids}; wait"
    runner = threading.Thread(target=lambda: codes.append(shell.run(command)))
    runner.start()
    until(lambda: pids.is_file() and pids.read_text().count("\n") == 2)

    shell.kill()
    runner.join(20)

    assert codes
    assert codes[0] != 0
    until(lambda: not any(lives(int(pid)) for pid in pids.read_text().split()))
    assert shell.run("echo more") != 0


def test_a_command_that_does_not_want_to_end_is_made_to(shell: Shell, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    command = f"trap '' TERM; touch {ready}; while :; do sleep 0.05; done"
    runner = threading.Thread(target=shell.run, args=(command,))
    runner.start()
    until(ready.is_file)

    shell.kill()
    runner.join(20)

    assert not runner.is_alive()


def test_closing_it_ends_what_commands_left_running(shell: Shell, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    shell.run(f"sleep 1000 & echo $! >{pid}")

    shell.close()

    until(lambda: not lives(int(pid.read_text())))
