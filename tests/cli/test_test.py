"""``test`` asks with examples, and fails where an answer is not as expected."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner, Result

from runtime.fake_aws import FakeAws, Reply
from runtime.fake_container import FakeContainer
from sagemaker_model.cli.main import app


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a handler, in which the command runs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").mkdir()
    return tmp_path


@pytest.fixture
def scores(aws: FakeAws) -> None:
    def answer(body: Any) -> Reply:
        if not body.get("inputs"):
            return Reply([b'{"error": "inputs is missing"}'], status=400)
        return Reply([json.dumps({"score": 0.123456}).encode()])

    aws.answer = answer


def example(name: str, **fields: Any) -> Path:
    path = Path("examples", f"{name}.json")
    path.write_text(json.dumps({"payload": {"inputs": "a text"}, **fields}))
    return path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["test", "chat", *arguments])


@pytest.mark.usefixtures("scores")
def test_it_passes_where_all_is_as_expected() -> None:
    example("score", answer={"score": 0.1235})
    example("nothing", payload={}, status=400, expect="missing")

    done = run()

    assert done.exit_code == 0
    (nothing, score, counted) = done.stdout.splitlines()
    assert nothing.startswith("passed ")
    assert nothing.endswith(" nothing")
    assert score.endswith(" score")
    assert counted == "2 passed, 0 failed"


@pytest.mark.usefixtures("scores")
def test_it_fails_and_tells_the_difference() -> None:
    example("score", answer={"score": 0.2})
    example("other")

    done = run()

    assert done.exit_code == 1
    assert "failed " in done.stdout
    assert "    answer.score: expected 0.2, got 0.123456\n" in done.stdout
    assert done.stdout.endswith("1 passed, 1 failed\n")


@pytest.mark.usefixtures("scores")
def test_programs_are_told_in_json() -> None:
    example("score", answer={"score": 0.2})

    done = run("--json")

    told = json.loads(done.stdout)
    (case,) = told["examples"]
    assert (done.exit_code, told["endpoint"], told["failed"]) == (1, "chat", 1)
    assert case.pop("seconds") >= 0
    assert case == {
        "name": "score",
        "passed": False,
        "updated": False,
        "problems": ["answer.score: expected 0.2, got 0.123456"],
    }


@pytest.mark.usefixtures("scores")
def test_a_build_server_is_told_in_junits_xml() -> None:
    example("score", answer={"score": 0.2})
    example("other")

    run("--junit", "report.xml")

    suite = ET.parse("report.xml").getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("name")) == ("2", "1", "chat")
    other, score = suite.findall("testcase")
    assert (other.get("name"), other.find("failure")) == ("other", None)
    assert score.findtext("failure") == "answer.score: expected 0.2, got 0.123456"


@pytest.mark.usefixtures("scores")
def test_update_writes_the_answers_that_changed_and_those_that_were_never_known() -> None:
    changed = example("changed", answer={"score": 0.2}, part="@")
    new = example("new")
    error = example("error", status=400)
    wrong = example("wrong", answer={"score": 0.2}, expect="POSITIVE")
    close = example("close", answer={"score": 0.1234})
    before = {path: path.read_text() for path in (error, wrong, close)}

    done = run("--update")

    assert done.exit_code == 1
    assert "answer.score: expected 0.2, got 0.123456" in done.stdout
    assert done.stdout.endswith("3 passed, 2 failed, 2 updated\n")
    assert json.loads(changed.read_text())["answer"] == {"score": 0.1235}
    assert json.loads(new.read_text())["answer"] == {"score": 0.1235}
    assert {path: path.read_text() for path in before} == before
    assert run().stdout.endswith("3 passed, 2 failed\n")


def test_without_examples_it_is_asked_what_its_engine_is_known_to_answer(aws: FakeAws) -> None:
    def answer(body: Any) -> Reply:
        return Reply([b"[0.5]"], status=200 if "texts" in body else 422)

    aws.answer = answer  # the image is TEI's, the model a reranker

    done = run()

    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "1 passed, 0 failed")
    assert len(aws.asked) == 2


def test_a_container_is_asked_by_its_url(container: FakeContainer) -> None:
    container.say(b"[1]")
    example("one", answer=[1])

    done = CliRunner().invoke(app, ["test", container.url])

    assert done.exit_code == 0, done.stderr


@pytest.mark.parametrize("options", [["--examples", "nowhere"], ["--update"]], ids=" ".join)
def test_examples_that_are_not_there_are_told(options: list[str], aws: FakeAws) -> None:
    done = run(*options)

    assert done.exit_code == 1
    assert "there is no example, a file of JSON, in " in done.stderr
    assert aws.asked == []


def test_a_wrong_example_is_told_before_anything_is_asked(aws: FakeAws) -> None:
    example("good")
    example("wrong", anwser=1)

    done = run()

    assert done.exit_code == 1
    assert done.stderr.startswith("error: examples/wrong.json: an example has no 'anwser'; ")
    assert aws.asked == []


def test_an_endpoint_that_is_not_there_ends_it(aws: FakeAws) -> None:
    example("one")
    example("two")
    aws.fail(400, "ValidationError", "Endpoint chat of account 1 not found.")

    done = run()

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("error: Endpoint chat")
