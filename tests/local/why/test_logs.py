"""``logs`` reads what containers and builds wrote, also of what is gone."""

from __future__ import annotations

import json

from local.why.conftest import FINE, Ask


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


def test_a_time_that_is_none_is_a_mistake(ask: Ask) -> None:
    done = ask("logs", FINE, "--since", "yesterday")

    assert done.exit_code == 1
    assert "give a number and a unit, such as 30s, 10m, 2h, 1d" in done.stderr
