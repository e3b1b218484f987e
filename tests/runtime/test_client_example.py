"""The example of the client asks its endpoints."""

import json
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from runtime.fake_aws import FakeAws, Reply
from runtime.recorded import STREAMS, TEXT

EXAMPLE = Path(__file__).parents[2] / "examples/client/ask.py"
IMAGE = "763104351884.dkr.ecr.us-east-1.amazonaws.com/{}"


def answer(body: Any) -> Reply:
    """Find passages with "Passwords", and answer chats."""
    if body.get("type") == "embeddings":
        asked = [[1.0 if "assword" in text else 0.0, 0.1] for text in body["inputs"]]
        return Reply([json.dumps(asked).encode()])
    if body.get("type") == "cross-encoder":
        scores = [float("assword" in text) for text in body["passages"]]
        return Reply([json.dumps(scores).encode()])
    return Reply([STREAMS["vLLM chat"]])


def test_it_answers_by_the_passage_that_fits_best(
    aws: FakeAws, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    images = iter(["huggingface-pytorch-inference:2.6", "vllm:0.11"])
    tell = aws.describe

    def describe(operation: str) -> dict[str, Any]:
        if operation == "DescribeModel":
            aws.image = IMAGE.format(next(images))
        return tell(operation)

    aws.answer = answer
    monkeypatch.setattr(aws, "describe", describe)
    monkeypatch.setattr(sys, "argv", ["ask.py", "chat", "chat", "How do I reset my password?"])

    runpy.run_path(str(EXAMPLE), run_name="__main__")

    assert capsys.readouterr().out == f"{TEXT}\n"
    assert len(aws.asked[1].body["passages"]) == 2
    assert "Passwords are reset" in aws.asked[2].body["messages"][0]["content"]


def test_it_says_what_goes_wrong_in_a_line(aws: FakeAws) -> None:
    aws.container = {"Image": IMAGE.format("huggingface-pytorch-inference:2.6")}
    aws.fail(400, "AccessDeniedException", "User is not authorized to perform this")

    done = subprocess.run(
        [sys.executable, EXAMPLE, "chat", "chat", "hello"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("error: User is not authorized to perform this; grant")
