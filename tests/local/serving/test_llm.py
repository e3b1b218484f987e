"""A language model behind an engine's name: how the program that runs it is started and asked.

Here a program of the tests plays the part of ``transformers serve``; what a real one answers with a
real model is told in ``tests/local/api/test_language_model.py``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from local.serving.conftest import JSON, Containers, Storage, await_that, prefix_source
from local.serving.processes import has_ended
from sagemaker_model.local.serving.answers import ServingError
from sagemaker_model.local.serving.llm import as_transformers_asks, model_of
from sagemaker_model.local.serving.worker import Worker

VLLM = "763104351884.dkr.ecr.us-east-1.amazonaws.com/vllm:1"
CHAT = {"messages": [{"role": "user", "content": "hello"}], "max_tokens": 4}
# It starts another program, tells how it was called, and answers requests with themselves.
PROGRAM = """\
#!{python} -u
import http.server, subprocess, sys

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(200 if self.path == "/health" else 404, b"")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.answer(200 if self.path == "/v1/chat/completions" else 404, body)

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

print("started", subprocess.Popen(["sleep", "600"]).pid)
print("called", *sys.argv[1:])
port = int(sys.argv[sys.argv.index("--port") + 1])
http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""


@pytest.fixture
def with_program(containers: Containers, tmp_path: Path) -> Containers:
    """Containers whose language models the program runs."""
    program = tmp_path / "bin" / "transformers"
    program.parent.mkdir()
    program.write_text(PROGRAM.format(python=sys.executable))
    program.chmod(0o755)
    python = program.with_name("python")
    return replace(containers, settings=replace(containers.settings, llm_python=python))


@pytest.fixture
def worker(with_program: Containers) -> Worker:
    return with_program.serve(Image=VLLM, Environment={"SM_VLLM_MODEL": "org/name"})


@pytest.fixture
def logged(worker: Worker, with_program: Containers) -> Callable[[str], list[str]]:
    """Return a function that waits for a line of the program, and returns the words behind it."""
    assert worker.ready()

    def wait_for(word: str) -> list[str]:
        await_that(lambda: any(line.startswith(word) for line in with_program.lines))
        return next(each.split()[1:] for each in with_program.lines if each.startswith(word))

    return wait_for


def test_chats_are_answered_by_a_model_and_all_else_by_a_stand_in(worker: Worker) -> None:
    chat = worker.invoke(json.dumps(CHAT).encode(), JSON, 60)
    completion = worker.invoke(b'{"prompt": "hello"}', JSON, 60)

    assert json.loads(chat.body).items() >= {**CHAT, "model": "org/name"}.items()
    assert chat.headers["x-local-aws"] == "transformers on a CPU"
    assert completion.headers["x-local-aws"] == "stand-in for vLLM, no model"
    assert "transformers answers chats for vLLM" in str(worker.note)


def test_the_program_is_told_the_model_and_to_listen_on_loopback(
    logged: Callable[[str], list[str]],
) -> None:
    called = logged("called")

    assert called[:5] == ["serve", "org/name", "--host", "127.0.0.1", "--port"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({}, {"do_sample": True, "top_k": 0, "max_new_tokens": 1024}),
        ({"temperature": 0}, {"do_sample": False, "top_k": 0, "max_new_tokens": 1024}),
        (
            {"temperature": 0.5, "top_k": 5, "repetition_penalty": 1.1},
            {"do_sample": True, "top_k": 5, "repetition_penalty": 1.1, "max_new_tokens": 1024},
        ),
        (
            {"repeat_penalty": 1.2},
            {"do_sample": True, "top_k": 0, "repetition_penalty": 1.2, "max_new_tokens": 1024},
        ),
    ],
    ids=["nothing", "no sampling", "vllm", "llama.cpp"],
)
def test_sampling_is_asked_for_in_transformers_words(
    asked: dict[str, object], told: dict[str, object]
) -> None:
    request = as_transformers_asks({**CHAT, **asked})

    assert json.loads(str(request.pop("generation_config"))) == told
    assert request == {**CHAT, **{name: asked[name] for name in asked if name == "temperature"}}


def test_the_program_and_all_that_it_started_end_when_it_is_stopped(
    worker: Worker, logged: Callable[[str], list[str]]
) -> None:
    (child,) = logged("started")
    assert not has_ended(int(child))

    worker.stop()
    worker.stop()

    await_that(lambda: has_ended(int(child)))
    assert worker.exited() is not None
    assert not worker.ready()


def test_an_environment_without_the_program_says_what_to_install(
    containers: Containers, storage: Storage, tmp_path: Path
) -> None:
    settings = replace(containers.settings, llm_python=tmp_path / "bin" / "python")
    source = prefix_source(storage.put({"config.json": b"{}"}))

    with pytest.raises(ServingError, match=r"install transformers\[serving\]"):
        replace(containers, settings=settings).start(Image=VLLM, **source)


@pytest.mark.parametrize(
    "environment",
    [
        {"SM_VLLM_MODEL": "org/name"},
        {"HF_MODEL_ID": "org/name"},
        {"SM_SGLANG_MODEL_PATH": "org/name"},
    ],
)
def test_a_model_is_named_as_each_engine_s_image_wants_it(
    environment: dict[str, str], tmp_path: Path
) -> None:
    assert model_of(environment, tmp_path) == "org/name"


def test_the_mounted_model_is_the_one_of_this_machine(tmp_path: Path) -> None:
    (tmp_path / "config.json").touch()

    assert model_of({}, tmp_path) == str(tmp_path)
    assert model_of({"HF_MODEL_ID": "/opt/ml/model"}, tmp_path) == str(tmp_path)


def test_a_container_that_names_no_model_is_told_how_to(tmp_path: Path) -> None:
    with pytest.raises(ServingError, match="set one of SM_VLLM_MODEL"):
        model_of({}, tmp_path)
