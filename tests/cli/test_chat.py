"""``chat`` talks with an endpoint, and says what goes wrong in a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from runtime.fake_aws import FakeAws, Fault, Reply
from runtime.recorded import STREAMS, TEXT
from sagemaker_model.cli.conversation import Conversation
from sagemaker_model.cli.main import app
from sagemaker_model.runtime import Endpoint, GenerationStream

VLLM = "763104351884.dkr.ecr.us-east-1.amazonaws.com/vllm:0.11.0-gpu"


def run(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, ["chat", "chat", *arguments], input=typed)


@pytest.fixture(autouse=True)
def _answering(aws: FakeAws) -> None:
    aws.image = VLLM
    aws.stream(STREAMS["vLLM chat"])


def test_one_question_is_answered_on_standard_output(aws: FakeAws) -> None:
    done = run("What is it?", "--max-new-tokens", "20", "--stop", "a", "--stop", "b")

    assert (done.exit_code, done.stdout) == (0, f"{TEXT}\n")
    assert "(6 tokens, the first after 0." in done.stderr
    assert aws.body["messages"] == [{"role": "user", "content": "What is it?"}]
    assert (aws.body["max_tokens"], aws.body["stop"]) == (20, ["a", "b"])


def test_programs_are_told_each_answer_in_a_line_of_json(aws: FakeAws) -> None:
    done = run("--json", typed="One?\nTwo?\n")

    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["text"] for each in answers] == [TEXT, TEXT]
    assert answers[0].keys() == {"text", "finish_reason", "usage", "seconds"}
    assert answers[0]["usage"]["completion_tokens"] == 6
    assert len(aws.asked) == 2


def test_lines_of_the_input_are_a_conversation(aws: FakeAws) -> None:
    done = run("--system", "Be brief.", typed="One?\n\nTwo?\n")

    assert done.stdout == f"{TEXT}\n{TEXT}\n"
    assert [(each["role"], each["content"]) for each in aws.asked[1].body["messages"]] == [
        ("system", "Be brief."),
        ("user", "One?"),
        ("assistant", TEXT),
        ("user", "Two?"),
    ]


def test_a_model_without_a_template_is_asked_by_a_prompt(aws: FakeAws) -> None:
    run("hello", "--prompt-format", "open-assistant", "--engine", "vllm")

    assert aws.body["prompt"] == "<|prompter|>hello<|endoftext|><|assistant|>"
    assert aws.described == ["DescribeEndpoint"]


def test_a_refused_question_ends_the_command(aws: FakeAws) -> None:
    aws.answer = lambda _body: Fault(400, "ThrottlingException", "Rate exceeded")

    done = run("hello")

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == ("error: Rate exceeded; try again later, or scale the endpoint\n")


def test_a_refused_question_is_left_out_of_the_conversation(aws: FakeAws) -> None:
    def answer(body: Any) -> Reply | Fault:
        if body["messages"][-1]["content"] == "bad":
            return Fault(400, "ThrottlingException", "Rate exceeded")
        return Reply([STREAMS["vLLM chat"]])

    aws.answer = answer
    done = run(typed="bad\ngood\n")

    assert "error: Rate exceeded" in done.stderr
    assert done.exit_code == 0
    assert aws.asked[1].body["messages"] == [{"role": "user", "content": "good"}]


def test_an_answer_that_was_cut_off_says_how_it_goes_on(aws: FakeAws) -> None:
    choice = {"index": 0, "delta": {"content": "Deep"}, "finish_reason": "length"}
    aws.stream(f"data: {json.dumps({'choices': [choice]})}\n\n".encode())

    assert "cut off, --max-new-tokens lets it go on" in run("hello").stderr


def test_an_unknown_format_is_a_wrong_use(aws: FakeAws) -> None:
    done = run("hello", "--prompt-format", "mine")

    assert done.exit_code == 2
    assert aws.asked == []


class Interrupted(Endpoint):
    """An endpoint whose answer is ended by Ctrl-C after its first piece, once."""

    asked: list[Any]

    def chat_stream(self, messages: Any, **_: Any) -> GenerationStream:
        self.asked.append(messages)
        return GenerationStream(self._parts())

    def _parts(self) -> Iterator[bytes]:
        yield b'{"outputs": ["begun"]}\n'
        if len(self.asked) == 1:
            raise KeyboardInterrupt


def test_ctrl_c_ends_an_answer_and_keeps_what_was_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    endpoint = Interrupted("chat", engine="lmi")
    endpoint.asked = []
    conversation = Conversation(endpoint, parameters={})

    conversation.go_on("one")
    conversation.go_on("two")

    assert capsys.readouterr().out == "begun\nbegun\n"
    assert endpoint.asked[1][1] == {"role": "assistant", "content": "begun"}
