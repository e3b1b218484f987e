"""Which pages there are, the endpoint's own answers tell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from runtime.conftest import MakeEndpoint
from runtime.conftest import aws as aws  # noqa: PLC0414 - fixtures, for the tests here too
from runtime.conftest import endpoint as endpoint  # noqa: PLC0414
from runtime.fake_aws import FakeAws, Fault, Reply
from runtime.recorded import ANSWERS
from sagemaker_model.runtime import AccessDeniedError
from sagemaker_model.web.answered import answered
from sagemaker_model.web.task import Task, offered

VECTOR = {"object": "list", "data": [{"index": 0, "embedding": [1.0, 0.0]}]}
SCORE = {"id": "rerank-1", "results": [{"index": 0, "relevance_score": 0.5}]}
# The field by which vLLM tells what it is asked, and what it answers.
VLLM: Mapping[str, Any] = {
    "messages": ANSWERS["vLLM chat"],
    "prompt": ANSWERS["vLLM completion"],
    "input": VECTOR,
    "documents": SCORE,
}


def does(aws: FakeAws, *fields: str) -> None:
    """Have the container answer these requests, and refuse all others."""

    def answer(body: Any) -> Reply:
        known = [field for field in fields if field in body]
        if not known:
            return Reply([b'{"error": "the model does not support this"}'], status=400)
        return Reply([json.dumps(VLLM[known[0]]).encode()])

    aws.answer = answer


def pages(endpoint: MakeEndpoint) -> list[Task]:
    asked = endpoint("vllm")
    return answered(asked, offered(asked.protocol, None), None)


@pytest.mark.parametrize(
    ("fields", "tasks", "questions"),
    [
        (["messages", "prompt"], [Task.CHAT, Task.GENERATE], 1),
        (["prompt"], [Task.GENERATE], 4),
        (["input"], [Task.EMBED], 4),
        (["documents"], [Task.RERANK], 4),
        (["input", "documents"], [Task.EMBED, Task.RERANK], 4),
        ([], [*Task], 4),
    ],
)
def test_a_model_has_pages_for_what_it_answers(
    aws: FakeAws, endpoint: MakeEndpoint, fields: list[str], tasks: list[Task], questions: int
) -> None:
    does(aws, *fields)

    assert pages(endpoint) == tasks
    assert len(aws.asked) == questions


def test_a_language_model_is_asked_for_one_token(aws: FakeAws, endpoint: MakeEndpoint) -> None:
    does(aws, "messages")
    pages(endpoint)

    assert aws.body["max_tokens"] == 1


def test_an_engine_that_does_one_thing_is_not_asked(aws: FakeAws, endpoint: MakeEndpoint) -> None:
    assert answered(endpoint("sglang"), [Task.CHAT], None) == [Task.CHAT]
    assert aws.asked == []


def test_a_model_that_is_not_there_yet_has_all_pages(aws: FakeAws, endpoint: MakeEndpoint) -> None:
    aws.answer = lambda _body: Fault(429, "ModelNotReadyException", "loading")

    assert pages(endpoint) == [*Task]
    assert len(aws.asked) == 1


def test_whoever_may_not_ask_is_told(aws: FakeAws, endpoint: MakeEndpoint) -> None:
    aws.answer = lambda _body: Fault(403, "AccessDeniedException", "not authorized")

    with pytest.raises(AccessDeniedError):
        pages(endpoint)
