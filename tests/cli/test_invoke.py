"""``invoke`` sends a request as it is, and prints the answer as it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from runtime.fake_aws import FakeAws, Reply
from sagemaker_model.cli.main import app


def run(*arguments: str, typed: bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["invoke", "chat", *arguments], input=typed)


def test_what_is_given_on_the_line_is_sent(aws: FakeAws) -> None:
    aws.say({"a": 1})

    done = run('{"inputs": "hello"}')

    assert (done.exit_code, done.stdout_bytes) == (0, b'{"a": 1}')
    assert aws.body == {"inputs": "hello"}


def test_a_file_goes_out_and_comes_back_byte_by_byte(aws: FakeAws, tmp_path: Path) -> None:
    image = tmp_path / "cat.png"
    image.write_bytes(b"\x89PNG\r\n")
    aws.answer = lambda body: Reply([body])

    done = run(f"@{image}", "--content-type", "image/png", "--accept", "image/png")

    assert done.stdout_bytes == b"\x89PNG\r\n"
    (asked,) = aws.asked
    assert (asked.headers["content-type"], asked.headers["accept"]) == ("image/png", "image/png")


def test_the_input_is_sent(aws: FakeAws) -> None:
    run("-", typed=b"from a pipe")

    assert aws.body == b"from a pipe"


def test_a_stream_is_printed_as_it_comes(aws: FakeAws) -> None:
    aws.stream(b"one ", b"two")

    assert run("{}", "--stream").stdout == "one two"


def test_one_of_several_models_is_asked_by_its_component(aws: FakeAws) -> None:
    run("{}", "--component", "small")

    (asked,) = aws.asked
    assert asked.headers["x-amzn-sagemaker-inference-component"] == "small"


def test_a_refusal_is_told_in_a_line(aws: FakeAws) -> None:
    aws.say({"error": "missing field `inputs`", "error_type": "validation"}, status=422)

    done = run("{}")

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "error: the model's server refuses the request (422): missing field `inputs`\n"
    )


def test_a_file_that_is_not_there_is_told(aws: FakeAws) -> None:
    done = run("@nowhere.json")

    assert done.exit_code == 1
    assert "nowhere.json" in done.stderr
    assert aws.asked == []


def test_without_a_body_it_is_asked_what_its_engine_is_known_to_answer(aws: FakeAws) -> None:
    def answer(body: Any) -> Reply:
        return Reply([b"[0.5]"], status=200 if "texts" in body else 422)

    aws.answer = answer  # the image is TEI's, the model a reranker

    done = run()

    assert (done.exit_code, done.stdout_bytes) == (0, b"[0.5]")
    assert done.stderr.startswith('asked: {"query": ')
    assert len(aws.asked) == 2


def test_programs_are_told_the_answer_with_what_was_asked(aws: FakeAws) -> None:
    aws.say({"a": 1})

    done = run('{"inputs": "hello"}', "--json")

    told = json.loads(done.stdout)
    assert told.pop("seconds") >= 0
    assert told == {
        "endpoint": "chat",
        "request": '{"inputs": "hello"}',
        "answer": {"a": 1},
        "content_type": "application/json",
        "answered_by": None,
    }


def test_an_answer_that_is_no_json_is_told_as_text(aws: FakeAws) -> None:
    aws.answer = lambda _body: Reply([b"a,b"], content_type="text/csv")

    assert json.loads(run("{}", "--json").stdout)["answer"] == "a,b"


@pytest.mark.parametrize("wrong", [["--stream"], ["{}", "--stream", "--json"]], ids=" ".join)
def test_a_stream_is_of_one_body_and_no_json(wrong: list[str], aws: FakeAws) -> None:
    done = run(*wrong)

    assert done.exit_code == 2
    assert "--stream wants a body" in done.stderr
    assert aws.asked == []
