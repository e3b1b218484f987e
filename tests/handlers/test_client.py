"""Real pipelines and handlers understand what the client asks, and it reads their answers."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from handlers.conftest import Deploy, Endpoint
from sagemaker_model.runtime.answer.generated import read_generation
from sagemaker_model.runtime.answer.ranking import read_ranking
from sagemaker_model.runtime.answer.vectors import read_vectors
from sagemaker_model.runtime.parameters import EMBEDDING, GENERATION, RANKING, checked
from sagemaker_model.runtime.protocol.toolkit import Toolkit

transformers: Any = importlib.import_module("transformers")
torch: Any = importlib.import_module("torch")

TEXTS = ["A man is eating food.", "Somebody has a meal.", "A monkey is playing drums."]
PARAMETERS = {
    "max_new_tokens": 5,
    "do_sample": True,
    "temperature": 0.7,
    "top_k": 50,
    "top_p": 0.7,
    "typical_p": 0.9,
    "repetition_penalty": 1.03,
    "stop": "[SEP]",
}


@pytest.fixture(scope="module")
def tiny(minilm: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a tiny language model with random weights and a chat template."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_file=str(minilm / "tokenizer.json"),
        eos_token="[SEP]",
        pad_token="[PAD]",
        model_input_names=["input_ids", "attention_mask"],
    )
    tokenizer.chat_template = "{% for each in messages %}{{ each.content }} {% endfor %}"
    config = transformers.LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=512,
        eos_token_id=tokenizer.eos_token_id,
    )
    torch.manual_seed(7)
    transformers.LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture
def generating(deploy: Deploy, tiny: Path) -> Endpoint:
    return deploy("pipeline", tiny)


def test_a_pipeline_takes_every_parameter_that_the_client_knows_of_it(
    generating: Endpoint,
) -> None:
    asked = Toolkit().generate("hello", checked(PARAMETERS, GENERATION))

    answer = read_generation(generating.answer(asked))

    assert answer.text
    assert not answer.text.startswith("hello")


def test_the_prompt_stands_before_the_text_if_that_is_asked_for(generating: Endpoint) -> None:
    given = {"max_new_tokens": 5, "return_full_text": True}

    answer = read_generation(
        generating.answer(Toolkit().generate("hello", checked(given, GENERATION)))
    )

    assert answer.text.startswith("hello")


@pytest.mark.parametrize("whole", [False, True], ids=["the answer alone", "the whole chat"])
def test_a_chat_is_answered_by_the_models_template(generating: Endpoint, whole: bool) -> None:
    given = {"max_new_tokens": 5, "do_sample": False, "return_full_text": whole}
    messages = [{"role": "user", "content": "hello"}]

    answer = read_generation(
        generating.answer(Toolkit().chat(messages, checked(given, GENERATION)))
    )

    assert answer.text
    assert "hello" not in answer.text


@pytest.mark.parametrize("handler", ["embeddings", "embeddings_and_cross_encoder"])
def test_ready_handlers_make_embeddings(deploy: Deploy, minilm: Path, handler: str) -> None:
    asked = Toolkit().embed(TEXTS, checked({}, EMBEDDING))

    vectors = read_vectors(deploy(handler, minilm).answer(asked), len(TEXTS))

    assert [len(vector) for vector in vectors] == [384] * len(TEXTS)


@pytest.mark.parametrize("handler", ["cross_encoder", "embeddings_and_cross_encoder"])
def test_ready_handlers_score_texts(deploy: Deploy, reranker: Path, handler: str) -> None:
    asked = Toolkit().rerank("who eats?", TEXTS, checked({"raw_scores": True}, RANKING))

    ranked = read_ranking(deploy(handler, reranker).answer(asked), TEXTS)

    assert {each.text for each in ranked} == set(TEXTS)
    assert ranked == sorted(ranked, key=lambda each: -each.score)
