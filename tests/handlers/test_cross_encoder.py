"""Scores of passages by the real toolkit: the same as sentence-transformers gives."""

from __future__ import annotations

import importlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from handlers.conftest import Deploy

numpy: Any = importlib.import_module("numpy")
torch: Any = importlib.import_module("torch")
transformers: Any = importlib.import_module("transformers")
sentence_transformers: Any = importlib.import_module("sentence_transformers")

QUERY = "what do cats sit on"
PASSAGES = ["mats", "a history of the railways " * 100, "cats sit on mats", "", "mats"]
NEAR = 1e-5
IDENTITY = "torch.nn.modules.linear.Identity"


def with_config(model: Path, folder: Path, **entries: object) -> Path:
    shutil.copytree(model, folder)
    config = json.loads((folder / "config.json").read_text()) | entries
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def expected(model: Path) -> Any:
    encoder = sentence_transformers.CrossEncoder(str(model), device="cpu", max_length=512)
    return encoder.predict([(QUERY, passage) for passage in PASSAGES])


def test_scores_are_those_of_sentence_transformers_in_the_order_asked(
    deploy: Deploy, reranker: Path
) -> None:
    answer = deploy("cross_encoder", reranker).answer({"query": QUERY, "passages": PASSAGES})

    assert numpy.abs(answer - expected(reranker)).max() < NEAR
    assert len({round(score, 4) for score in answer}) == len(set(PASSAGES))
    assert all(0 < score < 1 for score in answer)


@pytest.mark.parametrize(
    "says",
    [
        {"sentence_transformers": {"activation_fn": IDENTITY}},
        {"sbert_ce_default_activation_function": IDENTITY},
    ],
)
def test_the_activation_is_the_models_own(
    says: dict[str, object], deploy: Deploy, reranker: Path, tmp_path: Path
) -> None:
    model = with_config(reranker, tmp_path / "other", **says)

    answer = deploy("cross_encoder", model).answer({"query": QUERY, "passages": PASSAGES})

    assert not all(0 < score < 1 for score in answer)
    assert numpy.abs(answer - expected(model)).max() < NEAR


def test_raw_scores_are_the_models_logits(deploy: Deploy, reranker: Path) -> None:
    endpoint = deploy("cross_encoder", reranker)
    body = {"query": QUERY, "passages": PASSAGES}

    scores, raw = endpoint.answer(body), endpoint.answer({**body, "raw_scores": True})

    assert numpy.abs(1 / (1 + numpy.exp(-numpy.array(raw))) - scores).max() < NEAR


def test_a_model_with_several_labels_gives_a_number_for_each(
    deploy: Deploy, minilm: Path, tmp_path: Path
) -> None:
    torch.manual_seed(7)
    config = transformers.BertConfig(
        hidden_size=32, num_hidden_layers=1, num_attention_heads=2, num_labels=3
    )
    folder = tmp_path / "labels"
    transformers.BertForSequenceClassification(config).save_pretrained(folder)
    transformers.AutoTokenizer.from_pretrained(minilm).save_pretrained(folder)

    answer = deploy("cross_encoder", folder).answer({"query": QUERY, "passages": PASSAGES})

    assert numpy.shape(answer) == (len(PASSAGES), 3)
    assert numpy.abs(answer - expected(folder)).max() < NEAR


def test_a_model_that_gives_no_scores_is_refused(deploy: Deploy, minilm: Path) -> None:
    told = deploy("cross_encoder", minilm).refusal({"query": QUERY, "passages": PASSAGES})

    assert "is no cross-encoder" in told
    assert "random weights" in told


def test_an_activation_that_is_not_torchs_own_is_not_imported(
    deploy: Deploy, reranker: Path, tmp_path: Path
) -> None:
    says = {"activation_fn": "antigravity.fly"}
    model = with_config(reranker, tmp_path / "other", sentence_transformers=says)

    told = deploy("cross_encoder", model).refusal({"query": QUERY, "passages": PASSAGES})

    assert "activation 'antigravity.fly' is not one of torch.nn" in told


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"passages": ["a"]}, "'query' is missing"),
        ({"query": "a"}, "'passages' is missing"),
        ({"query": "a", "passages": []}, "'passages' is empty; give at least one string"),
        ({"query": ["a"], "passages": ["b"]}, "'query' is a list; give one string"),
        ({"query": "a", "passages": [None]}, "passages[0] is None; each must be a string"),
        (
            {"query": "a", "passages": ["b"], "raw_scores": "yes"},
            "'raw_scores' is 'yes'; give true or false",
        ),
        (
            {"query": "a", "passages": ["b"], "type": "embeddings"},
            "type 'embeddings' is not understood; give 'cross-encoder'",
        ),
        (
            {"query": "a", "texts": ["b"]},
            "unknown field 'texts'; "
            "allowed are input, inputs, model, passages, query, raw_scores, type",
        ),
    ],
)
def test_a_request_that_is_not_understood_is_told_why(
    body: object, told: str, deploy: Deploy, reranker: Path
) -> None:
    assert deploy("cross_encoder", reranker).refusal(body) == told
