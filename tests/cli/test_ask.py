"""Verbs ask an endpoint by its name, and a container by its URL."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from runtime.fake_aws import FakeAws, Reply
from runtime.fake_container import FakeContainer
from runtime.recorded import STREAMS, TEXT
from sagemaker_model.cli.ask import find_endpoint
from sagemaker_model.cli.main import app


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments])


def test_a_container_is_asked_without_aws(aws: FakeAws, container: FakeContainer) -> None:
    container.say(b'{"a": 1}')

    done = run("invoke", container.url, '{"inputs": "hello"}')

    assert (done.exit_code, done.stdout) == (0, '{"a": 1}')
    assert (aws.asked, aws.described) == ([], [])


@pytest.mark.parametrize("tells", [True, False])
def test_a_chat_knows_the_engine_of_a_container(container: FakeContainer, tells: bool) -> None:
    container.say(STREAMS["vLLM chat"], content_type="text/event-stream")
    container.engine = "vllm" if tells else None

    done = run("chat", container.url, "hello", *(() if tells else ("--engine", "vllm")))

    assert (done.exit_code, done.stdout) == (0, f"{TEXT}\n")


def test_a_chat_with_an_unknown_engine_says_what_to_give(container: FakeContainer) -> None:
    done = run("chat", container.url, "hello")

    assert done.exit_code == 1
    assert "--engine" in done.stderr


def test_a_url_that_names_no_container_is_told(aws: FakeAws) -> None:
    done = run("invoke", "ftp://127.0.0.1", "{}")

    assert (done.exit_code, aws.described) == (1, [])
    assert done.stderr.startswith("error: a container is asked at a URL like http://")


def test_what_only_aws_has_can_not_be_given_with_a_url() -> None:
    with pytest.raises(ValueError, match="--component, --region can't be given with the URL"):
        find_endpoint("http://127.0.0.1:8080", component="small", region="eu-west-1")


def test_an_endpoint_is_asked_by_its_name(aws: FakeAws) -> None:
    aws.say([[0.5]])

    assert find_endpoint("chat", engine="tei").embed("a text") == [[0.5]]
    assert aws.asked[0].path == "/endpoints/chat/invocations"


@pytest.mark.parametrize(
    "verb", [("invoke", "chat", "{}"), ("test", "chat")], ids=["invoke", "test"]
)
def test_an_asynchronous_endpoint_is_asked_through_its_queue(
    verb: tuple[str, ...], aws: FakeAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def answer(_body: object) -> Reply:
        aws.objects["answers/output/1.out"] = b'{"a": 1}'
        return Reply([b'{"OutputLocation": "s3://answers/output/1.out"}'])

    aws.async_output = {"S3OutputPath": "s3://answers/output"}
    aws.answer = answer

    done = run(*verb, "--async")

    assert done.exit_code == 0, done.stderr
    assert done.stdout == '{"a": 1}' or "1 passed" in done.stdout
    (asked,) = aws.asked
    assert asked.path.endswith("/async-invocations")
