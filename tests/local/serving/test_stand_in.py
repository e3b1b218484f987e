"""Engines that can't run here: what answers for them, and how plainly it says so."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local.serving.conftest import (
    JSON,
    TOOLKIT_IMAGE,
    Containers,
    Storage,
    archive,
    prefix_source,
)
from sagemaker_model.image.table import records
from sagemaker_model.local.serving.answers import ServingError
from sagemaker_model.local.serving.choose import ENGINES, TOOLKIT, repository
from sagemaker_model.local.serving.protocols import TEXT
from sagemaker_model.local.serving.worker import Worker

REGISTRY = "763104351884.dkr.ecr.us-east-1.amazonaws.com"
PACKAGE = "arn:aws:sagemaker:us-east-1:865070037744:model-package/llama2-7b-v4"
CHAT = {"messages": [{"role": "user", "content": "hello there"}]}
# Not text engines, or programs that nobody deploys through this library.
UNKNOWN = {"ray", "sagemaker-tritonserver", "stabilityai-pytorch-inference", "whisperx"}
OTHER_TOOLKITS = {
    "huggingface-pytorch-inference-neuron",
    "huggingface-pytorch-inference-neuronx",
    "pytorch-inference",
    "pytorch-inference-arm64",
    "pytorch-inference-graviton",
}


def serve(containers: Containers, repository: str, **environment: str) -> Worker:
    variables = {"HF_MODEL_ID": "org/name", **environment}
    return containers.serve(Image=f"{REGISTRY}/{repository}:1", Environment=variables)


def ask(worker: Worker, body: object, status: int = 200) -> Any:
    answer = worker.invoke(json.dumps(body).encode(), JSON, 60)
    assert answer.status == status
    return json.loads(answer.body)


def events(worker: Worker, body: object) -> list[bytes]:
    answer = worker.stream(json.dumps(body).encode(), JSON, 60)
    assert answer.status == 200
    return list(answer.parts)


def test_every_image_of_the_table_has_a_program_or_is_known_to_have_none() -> None:
    repositories = {record.repository for record in records()}

    assert repositories - set(ENGINES) == {TOOLKIT} | UNKNOWN | OTHER_TOOLKITS


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (TOOLKIT_IMAGE, TOOLKIT),
        (f"{REGISTRY}/vllm@sha256:{'0' * 64}", "vllm"),
        ("127.0.0.1:5000/own", "own"),
        ("own", "own"),
    ],
)
def test_an_image_s_repository_is_read_from_its_uri(image: str, expected: str) -> None:
    assert repository(image) == expected


@pytest.mark.parametrize("name", sorted(ENGINES))
def test_every_answer_says_that_it_is_a_stand_in_s(containers: Containers, name: str) -> None:
    worker = serve(containers, name)

    answer = worker.invoke(json.dumps({"inputs": "hello"}).encode(), JSON, 60)

    title = ENGINES[name].title
    assert answer.headers["x-local-aws"] == f"stand-in for {title}, no model"
    assert worker.note == (f"a stand-in answers for {title}: its texts and figures are no model's")
    assert worker.note in containers.lines


def test_tgi_answers_a_list_and_a_chat(containers: Containers) -> None:
    worker = serve(containers, "huggingface-pytorch-tgi-inference")

    assert ask(worker, {"inputs": "hello"}) == [{"generated_text": TEXT}]
    assert ask(worker, CHAT)["choices"][0]["message"] == {"role": "assistant", "content": TEXT}
    assert ask(worker, {}, status=422)["error_type"] == "validation"


def test_tgi_streams_tokens_that_make_the_text(containers: Containers) -> None:
    worker = serve(containers, "huggingface-pytorch-tgi-inference")

    tokens = [
        json.loads(part.removeprefix(b"data:"))
        for part in events(worker, {"inputs": "hello", "stream": True})
    ]

    assert "".join(each["token"]["text"] for each in tokens) == TEXT
    assert [each["generated_text"] for each in tokens[:-1]] == [None] * (len(tokens) - 1)
    assert tokens[-1]["generated_text"] == TEXT


@pytest.mark.parametrize("name", ["vllm", "huggingface-vllm", "sglang", "llama-cpp"])
def test_openai_s_engines_know_no_inputs(containers: Containers, name: str) -> None:
    worker = serve(containers, name)

    assert ask(worker, CHAT)["object"] == "chat.completion"
    assert ask(worker, {"prompt": "hello"})["choices"][0]["text"] == TEXT
    assert ask(worker, {"inputs": "hello"}, status=400)["code"] == 400


def test_a_streamed_chat_ends_as_openai_s_does(containers: Containers) -> None:
    parts = events(serve(containers, "vllm"), {**CHAT, "stream": True})

    chunks = [json.loads(part.removeprefix(b"data: ")) for part in parts[:-1]]
    deltas = [chunk["choices"][0]["delta"].get("content", "") for chunk in chunks]
    assert "".join(deltas) == TEXT
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"
    assert parts[-1] == b"data: [DONE]\n\n"


def test_a_streamed_completion_ends_as_openai_s_does(containers: Containers) -> None:
    parts = events(serve(containers, "vllm"), {"prompt": "hello", "stream": True})

    chunks = [json.loads(part.removeprefix(b"data: ")) for part in parts[:-1]]
    assert "".join(chunk["choices"][0]["text"] for chunk in chunks) == TEXT
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"


def test_lmi_answers_an_object_and_streams_lines(containers: Containers) -> None:
    worker = serve(containers, "djl-inference")

    assert ask(worker, {"inputs": "hello"}) == {"generated_text": TEXT}
    assert ask(worker, CHAT)["object"] == "chat.completion"
    assert ask(worker, {}, status=424)["code"] == 424
    lines = b"".join(events(worker, {"inputs": "hello", "stream": True})).splitlines()
    assert "".join(json.loads(line)["token"]["text"] for line in lines) == TEXT


def test_tei_answers_vectors_of_length_one_and_sorted_scores(containers: Containers) -> None:
    worker = serve(containers, "tei-cpu")

    first, second = ask(worker, {"inputs": ["one", "two"]})
    ranked = ask(worker, {"query": "q", "texts": ["a", "b", "c"]})

    assert sum(value * value for value in first) == pytest.approx(1)
    assert first != second
    assert ask(worker, {"inputs": "one"}) == [first]
    assert sorted(each["index"] for each in ranked) == [0, 1, 2]
    assert ranked == sorted(ranked, key=lambda each: -each["score"])


def test_embeddings_of_openai_s_engines_tell_their_place(containers: Containers) -> None:
    told = ask(serve(containers, "vllm"), {"input": ["one", "two"]})

    assert [each["index"] for each in told["data"]] == [0, 1]


def test_a_model_package_is_answered_in_the_shape_of_the_request(containers: Containers) -> None:
    worker = containers.serve(ModelPackageName=PACKAGE)

    assert ask(worker, {"inputs": "hello"}) == [{"generated_text": TEXT}]
    assert ask(worker, CHAT)["object"] == "chat.completion"
    assert ask(worker, {"anything": 1}) == {"message": TEXT}
    assert PACKAGE in str(worker.note)


def test_an_image_that_nobody_here_knows_is_answered_and_named(containers: Containers) -> None:
    worker = serve(containers, "own-image")

    assert ask(worker, {"inputs": "hello"}) == [{"generated_text": TEXT}]
    assert f"{REGISTRY}/own-image:1" in str(worker.note)


def test_a_body_that_is_no_object_is_refused(containers: Containers) -> None:
    worker = serve(containers, "vllm")

    assert {worker.invoke(body, JSON, 60).status for body in (b"no json", b"[1]", b"")} == {400}


@pytest.mark.parametrize(
    ("repository", "environment", "expected"),
    [
        ("huggingface-pytorch-tgi-inference", {}, "HF_MODEL_ID must be set"),
        ("tei", {}, "HF_MODEL_ID must be set"),
        (
            "huggingface-pytorch-tgi-inference",
            {"HF_MODEL_ID": "m", "MAX_INPUT_LENGTH": "2048", "MAX_TOTAL_TOKENS": "2048"},
            "`max_input_tokens` must be < `max_total_tokens`",
        ),
    ],
)
def test_a_start_that_the_real_program_would_refuse_fails_in_its_words(
    containers: Containers, repository: str, environment: dict[str, str], expected: str
) -> None:
    worker = containers.start(Image=f"{REGISTRY}/{repository}:1", Environment=environment)

    assert worker.exited() == expected
    assert not worker.ready()
    assert containers.lines == [expected]


@pytest.mark.parametrize("name", ["vllm", "sglang", "djl-inference", "llama-cpp"])
def test_engines_that_have_a_model_of_their_own_start_without_one(
    containers: Containers, name: str
) -> None:
    assert containers.start(Image=f"{REGISTRY}/{name}:1").ready()


def test_tei_takes_what_is_mounted(containers: Containers, storage: Storage) -> None:
    source = prefix_source(storage.put({"config.json": b"{}"}))

    assert containers.start(Image=f"{REGISTRY}/tei:1", **source).ready()


def test_model_data_are_fetched_for_a_stand_in_too(
    containers: Containers, storage: Storage
) -> None:
    uri = storage.put({"model.tar.gz": archive({"config.json": b"{}"})}) + "model.tar.gz"
    storage.control({"match": "HEAD /weights/model", "times": 9, "status": 403})

    with pytest.raises(ServingError, match="Failed to download model data"):
        containers.start(Image=f"{REGISTRY}/vllm:1", ModelDataUrl=uri)

    assert not (containers.folder / "0" / "model").exists()


def test_stopping_deletes_the_model(containers: Containers, storage: Storage) -> None:
    source = prefix_source(storage.put({"config.json": b"{}"}))
    worker = containers.start(Image=f"{REGISTRY}/vllm:1", **source)
    assert (containers.folder / "0" / "model" / "config.json").exists()

    worker.stop()
    worker.stop()

    assert not (containers.folder / "0" / "model").exists()


def test_a_toolkit_without_a_serving_environment_says_what_to_name(containers: Containers) -> None:
    without = replace(containers, settings=replace(containers.settings, serving_python=None))

    with pytest.raises(ServingError, match="SAGEMAKER_MODEL_LOCAL_SERVING_PYTHON"):
        without.start(Image=TOOLKIT_IMAGE)


def test_a_serving_environment_without_the_toolkit_says_what_it_lacks(
    containers: Containers, tmp_path: Path
) -> None:
    settings = replace(
        containers.settings, state=tmp_path / "state", serving_python=Path(sys.executable)
    )

    with pytest.raises(ServingError, match="No module named 'sagemaker_huggingface"):
        replace(containers, settings=settings).start(Image=TOOLKIT_IMAGE)
