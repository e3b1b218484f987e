"""A request that a model of the toolkit answers, found by trying."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path

from sagemaker_model.code_folder.ready_handlers import ready_handler
from sagemaker_model.example.example_file import FOLDER, find_examples, read_example
from sagemaker_model.local.serving.loopback import ask
from sagemaker_model.smoke_test.known_requests import HANDLERS, OF_TOOLKIT, TASKS, TEXT, Body

_JSON = "application/json"
_LONGEST = 60.0


def sample_request(port: int, code: Path | None, environment: Mapping[str, str]) -> str | None:
    """Return a request that is answered; None where none of those that are known is.

    Args:
        port: Where the program listens.
        code: Folder of the inference code; examples beside it come first. None where there is none.
        environment: The container's variables, which may name a task.

    Raises:
        ConnectionError: The program ended.
    """
    for request in _candidates(code, environment):
        answer = ask(port, "/invocations", request.encode(), {"Content-Type": _JSON}, _LONGEST)
        if answer.status == HTTPStatus.OK:
            return request
    return None


def _candidates(code: Path | None, environment: Mapping[str, str]) -> Iterator[str]:
    if code is not None:
        yield from _examples(code.resolve().parent / FOLDER)
    for body in _known(code, environment):
        yield json.dumps(body)


def _examples(folder: Path) -> Iterator[str]:
    for path in find_examples(folder):
        example = read_example(path)
        if example.content_type == _JSON and example.status is None:
            yield example.body.decode()


def _known(code: Path | None, environment: Mapping[str, str]) -> Iterator[Body]:
    handler = ready_handler(code) if code is not None else None
    if handler is not None and handler in HANDLERS:
        yield from HANDLERS[handler]
    elif "HF_TASK" in environment:
        yield TASKS.get(environment["HF_TASK"], TEXT)
    else:
        # What a handler of the user's own takes, nobody knows: these are what others take.
        yield from OF_TOOLKIT
