"""A real language model behind an engine's name, where an environment for it is named.

``SAGEMAKER_MODEL_LOCAL_LLM_PYTHON`` names its interpreter: ``pip install 'transformers[serving]'
torch``. The model is tiny and random: only the way to it is tested.
"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from local.serving.conftest import JSON, Containers, Storage, prefix_source
from sagemaker_model.local.serving.answers import ServingError
from sagemaker_model.local.serving.llm import model_of
from sagemaker_model.local.serving.worker import Worker

PYTHON = os.environ.get("SAGEMAKER_MODEL_LOCAL_LLM_PYTHON", "")
VLLM = "763104351884.dkr.ecr.us-east-1.amazonaws.com/vllm:1"
CHAT = {"messages": [{"role": "user", "content": "hello"}], "max_tokens": 4}
MAKE = """
import sys
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
tokenizer = PreTrainedTokenizerFast(
    tokenizer_file=f"{sys.argv[1]}/tokenizer.json", eos_token="[SEP]", pad_token="[PAD]",
    model_input_names=["input_ids", "attention_mask"],
)
tokenizer.chat_template = "{% for each in messages %}{{ each.content }} {% endfor %}"
config = LlamaConfig(
    vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=1,
    num_attention_heads=2, max_position_embeddings=512, eos_token_id=tokenizer.eos_token_id,
)
LlamaForCausalLM(config).save_pretrained(sys.argv[2])
tokenizer.save_pretrained(sys.argv[2])
"""
needs_python = pytest.mark.skipif(not PYTHON, reason="needs SAGEMAKER_MODEL_LOCAL_LLM_PYTHON")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory, minilm: Path) -> Path:
    """Return the folder of a tiny language model."""
    folder = tmp_path_factory.mktemp("tiny")
    subprocess.run([PYTHON, "-c", MAKE, str(minilm), str(folder)], check=True)
    return folder


@pytest.fixture
def worker(containers: Containers, storage: Storage, tiny: Path) -> Worker:
    settings = replace(containers.settings, llm_python=Path(PYTHON))
    files = {path.name: path.read_bytes() for path in tiny.iterdir()}
    source = prefix_source(storage.put(files))
    return replace(containers, settings=settings).serve(Image=VLLM, **source)


@needs_python
def test_chats_are_answered_by_a_model_and_all_else_by_a_stand_in(worker: Worker) -> None:
    chat = worker.invoke(json.dumps(CHAT).encode(), JSON, 60)
    completion = worker.invoke(b'{"prompt": "hello"}', JSON, 60)

    assert chat.status == 200, chat.body
    assert json.loads(chat.body)["object"] == "chat.completion"
    assert chat.headers["x-local-aws"] == "transformers on a CPU"
    assert completion.headers["x-local-aws"] == "stand-in for vLLM"
    assert "transformers answers chats for vLLM" in str(worker.note)


@needs_python
def test_a_chat_is_streamed_as_it_is_made(worker: Worker) -> None:
    answer = worker.stream(json.dumps({**CHAT, "stream": True}).encode(), JSON, 60)

    assert answer.headers["content-type"].startswith("text/event-stream")
    first = b"".join(answer.parts).partition(b"\n")[0]
    assert json.loads(first.removeprefix(b"data: "))["object"] == "chat.completion.chunk"


@needs_python
def test_the_program_ends_when_it_is_stopped(worker: Worker) -> None:
    worker.stop()
    worker.stop()

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
