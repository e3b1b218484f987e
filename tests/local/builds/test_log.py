"""What a build prints, on its way to the log."""

from __future__ import annotations

import os
from collections.abc import Sequence

from sagemaker_model.local.builds.log import BuildLog


def logged(*printed: str, secrets: Sequence[str] = ()) -> list[str]:
    lines: list[str] = []
    with BuildLog(lines.extend) as log:
        log.hide(secrets)
        for each in printed:
            os.write(log.output, each.encode())
    return lines


def test_lines_come_whole_however_they_are_written() -> None:
    assert logged("a", "b\nc", "d\n", "\n", "e") == ["ab", "cd", "e"]


def test_no_secret_is_shown_nor_a_line_of_one() -> None:
    secrets = ["hf_abc", "-----BEGIN-----\nkey of many lines\n", " "]

    assert logged("x=hf_abc y=hf_abc\nkey of many lines\na b\n", secrets=secrets) == [
        "x=*** y=***",
        "***",
        "a b",
    ]


def test_a_secret_within_another_does_not_uncover_it() -> None:
    assert logged("abcdef abc\n", secrets=["abc", "abcdef"]) == ["*** ***"]


def test_bytes_that_are_no_text_do_not_end_the_log() -> None:
    lines: list[str] = []
    with BuildLog(lines.extend) as log:
        os.write(log.output, b"\xff\xfe\nnext\n")

    assert lines == ["\ufffd\ufffd", "next"]


def test_a_process_that_holds_the_log_open_does_not_hold_the_build() -> None:
    lines: list[str] = []
    with BuildLog(lines.extend, last_words=0.2) as log:
        held = os.dup(log.output)
        os.write(log.output, b"last\n")

    os.close(held)
    assert lines == ["last"]


def test_codebuilds_own_lines_have_the_time() -> None:
    lines: list[str] = []
    with BuildLog(lines.extend) as log:
        log.say("Entering phase BUILD")

    assert lines[0].startswith("[Container] 20")
    assert lines[0].endswith(" Entering phase BUILD")
