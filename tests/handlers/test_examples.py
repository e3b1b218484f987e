"""The examples of the ready handlers hold in the real toolkit, with a real model."""

from __future__ import annotations

import json

import pytest

from handlers.conftest import HANDLERS, Deploy, Endpoint
from sagemaker_model.example.example_file import find_examples, read_example
from sagemaker_model.example.trial import ask
from sagemaker_model.runtime.answer.raw import Answer
from sagemaker_model.runtime.errors import InvalidRequestError

MODELS = {
    "embeddings": ("minilm",),
    "cross_encoder": ("reranker",),
    "embeddings_and_cross_encoder": ("minilm", "reranker"),
    "pipeline": ("reranker",),
}


class Served:
    """The toolkit in this process, asked as an endpoint is."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def invoke(self, payload: object, *, content_type: str, accept: str) -> Answer:
        del content_type, accept
        assert isinstance(payload, bytes)
        body = json.loads(payload)
        try:
            return Answer(body=json.dumps(self._endpoint.answer(body)).encode())
        except Exception as error:
            text = getattr(error, "message", str(error))
            status = getattr(error, "error_code", None)
            raise InvalidRequestError(text, status=status, text=text) from error


def test_each_ready_handler_has_examples_of_answers_and_of_a_mistake() -> None:
    for handler in MODELS:
        examples = [read_example(path) for path in find_examples(HANDLERS / handler / "examples")]

        assert {example.status for example in examples} == {None, 400}
        assert not any(example.says_nothing for example in examples)


@pytest.mark.parametrize("handler", MODELS)
def test_the_examples_of_a_handler_hold(
    handler: str, deploy: Deploy, request: pytest.FixtureRequest
) -> None:
    served = Served(deploy(handler, *(request.getfixturevalue(name) for name in MODELS[handler])))

    for path in find_examples(HANDLERS / handler / "examples"):
        assert ask(served, read_example(path)).problems == ()
