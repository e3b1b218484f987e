"""``logs`` reads what containers and builds wrote, also of what is gone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from local.live import LocalAws
from local.why.conftest import FINE, Ask
from sagemaker_model.cli.aws import STATE_VARIABLE


def test_the_log_of_an_endpoint_that_was_rolled_back_is_read(ask: Ask) -> None:
    done = ask("logs", "why-2-disk")

    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[-1] == "Error: DownloadError"


def test_the_last_lines_are_enough_where_they_are_asked_for(ask: Ask) -> None:
    assert ask("logs", "why-2-disk", "--lines", "1").stdout == "Error: DownloadError\n"


def test_programs_get_an_object_a_line(ask: Ask) -> None:
    (line,) = ask("logs", FINE, "--json").stdout.splitlines()

    told = json.loads(line)
    assert told["message"].startswith("a stand-in answers for vLLM")
    assert told["group"].startswith("/aws/sagemaker/Endpoints/why-fine-Endpoint-")
    assert told["stream"].startswith("AllTraffic/i-")


def test_what_was_written_long_ago_is_left_out(ask: Ask) -> None:
    done = ask("logs", FINE, "--since", "0s")

    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"{FINE} has written nothing in the last 0s\n"


def test_the_build_that_a_stack_failed_by_is_read(ask: Ask) -> None:
    done = ask("logs", "why-4-gated", "--build")

    assert "needs a token: accept its licence" in done.stdout


def test_a_name_that_nothing_has_is_a_mistake(ask: Ask) -> None:
    done = ask("logs", "nothing-like-it")

    assert done.exit_code == 1
    assert done.stderr.startswith("error: there is no endpoint, no inference component and no")


def test_a_log_is_followed_until_it_is_told_to_end(ask: Ask, aws: LocalAws) -> None:
    first, last = ask("logs", "why-1-time-out", "--json").stdout.splitlines()
    group = json.loads(first)["group"]
    with followed(aws, "why-1-time-out") as (process, lines):
        assert [next(lines), next(lines)] == [json.loads(each)["message"] for each in (first, last)]
        write(aws, group, "a new line")
        assert next(lines) == "a new line"
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (130, "")


@contextmanager
def followed(aws: LocalAws, name: str) -> Iterator[tuple[subprocess.Popen[str], Iterator[str]]]:
    """Follow a log in a process of its own, for a minute at most."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sagemaker_model.cli", "logs", name, "--follow", "--local"],
        env={**os.environ, STATE_VARIABLE: str(aws.record.state)},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    late = threading.Timer(60, process.kill)
    late.start()
    with process:
        assert process.stdout
        yield process, (line.rstrip("\n") for line in process.stdout)
        late.cancel()
        process.kill()


def write(aws: LocalAws, group: str, text: str) -> None:
    """Write a line as a new instance would."""
    logs, place = aws.client("logs"), {"logGroupName": group, "logStreamName": "AllTraffic/i-2"}
    logs.create_log_stream(**place)
    event = {"timestamp": int(time.time() * 1000), "message": text}
    logs.put_log_events(**place, logEvents=[event])
