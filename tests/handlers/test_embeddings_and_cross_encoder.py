"""Two kinds of models on one endpoint, in the request format of its predecessor."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from handlers.conftest import Deploy, Endpoint

numpy: Any = importlib.import_module("numpy")
sentence_transformers: Any = importlib.import_module("sentence_transformers")

EMBEDDER = "sentence-transformers/all-MiniLM-L6-v2"
RERANKER = "cross-encoder/tiny-reranker"
TEXTS = ["one", "and another one"]


@pytest.fixture
def endpoint(deploy: Deploy, minilm: Path, reranker: Path) -> Endpoint:
    names = ("all-MiniLM-L6-v2", "tiny-reranker")
    return deploy("embeddings_and_cross_encoder", minilm, reranker, names=names)


def test_embeddings_are_those_of_sentence_transformers(endpoint: Endpoint, minilm: Path) -> None:
    answer = endpoint.answer({"type": "embeddings", "model": EMBEDDER, "input": TEXTS})

    expected = sentence_transformers.SentenceTransformer(str(minilm), device="cpu").encode(TEXTS)
    assert numpy.abs(answer - expected).max() < 1e-5


def test_scores_are_those_of_sentence_transformers(endpoint: Endpoint, reranker: Path) -> None:
    body = {"type": "cross-encoder", "model": RERANKER, "input": "one", "passages": TEXTS}

    answer = endpoint.answer(body)

    encoder = sentence_transformers.CrossEncoder(str(reranker), device="cpu")
    expected = encoder.predict([("one", text) for text in TEXTS])
    assert numpy.abs(answer - expected).max() < 1e-5


def test_where_one_model_is_of_a_kind_it_needs_no_name(endpoint: Endpoint) -> None:
    named = endpoint.answer({"type": "embeddings", "model": EMBEDDER, "input": TEXTS})

    assert endpoint.answer({"type": "embeddings", "input": TEXTS}) == named
    assert endpoint.answer({"type": "query", "input": TEXTS}) == named
    assert len(endpoint.answer({"type": "cross-encoder", "input": "one", "passages": TEXTS})) == 2


def test_the_first_answer_is_a_plain_list_of_numbers(endpoint: Endpoint) -> None:
    scores = endpoint.answer({"type": "cross-encoder", "input": "one", "passages": "two"})

    assert [type(score) for score in scores] == [float]


def test_a_model_of_the_other_kind_is_not_taken_for_one(endpoint: Endpoint) -> None:
    told = endpoint.refusal({"type": "embeddings", "model": RERANKER, "input": TEXTS})

    assert told == f"no model '{RERANKER}' answers this request; there are 'all-MiniLM-L6-v2'"


@pytest.mark.parametrize(
    ("body", "got"),
    [({"input": "a"}, "None"), ({"type": "rerank"}, "'rerank'"), (["a"], "None")],
)
def test_a_type_that_is_not_known_names_those_that_are(
    body: object, got: str, endpoint: Endpoint
) -> None:
    assert endpoint.refusal(body) == (
        f"'type' is {got}; give one of embeddings, query, passage, cross-encoder"
    )


def test_a_kind_without_a_model_is_told(deploy: Deploy, minilm: Path) -> None:
    endpoint = deploy("embeddings_and_cross_encoder", minilm)

    told = endpoint.refusal({"type": "cross-encoder", "input": "one", "passages": TEXTS})

    assert told == "this endpoint has no model for type 'cross-encoder'; deploy one with it"
    assert len(endpoint.answer({"type": "embeddings", "input": TEXTS})) == 2
