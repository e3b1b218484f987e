"""Sentence embeddings by the real toolkit: the same as sentence-transformers makes them."""

from __future__ import annotations

import importlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from handlers.conftest import Deploy, listing

numpy: Any = importlib.import_module("numpy")
sentence_transformers: Any = importlib.import_module("sentence_transformers")
safetensors: Any = importlib.import_module("safetensors.numpy")

TEXTS = [
    "a cat sat on the mat",
    "",
    "Quantum chromodynamics, " * 200,
    "  two\tspaces  ",
    "日本語 and ümlauts 🙂",
    "a cat sat on the mat",
]
POOLING = ["cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"]
NEAR = 1e-5


def like(model: Path, folder: Path, **files: object) -> Path:
    """Return a copy of a model with some of its JSON files changed, or taken away by None."""
    shutil.copytree(model, folder, dirs_exist_ok=True)
    for name, content in files.items():
        path = folder / f"{name.replace('__', '/')}.json"
        path.parent.mkdir(exist_ok=True)
        path.unlink() if content is None else path.write_text(json.dumps(content))
    return folder


def expected(folder: Path, texts: list[str], **options: str) -> Any:
    model = sentence_transformers.SentenceTransformer(str(folder), device="cpu")
    return model.encode(texts, **options)


def modules(*kinds: str) -> list[dict[str, object]]:
    home = "sentence_transformers.models"
    paths = ["", *(f"{index}_{kind}" for index, kind in enumerate(kinds[1:], 1))]
    return [
        {"idx": index, "name": str(index), "path": path, "type": f"{home}.{kind}"}
        for index, (kind, path) in enumerate(zip(kinds, paths, strict=True))
    ]


def test_vectors_are_those_of_sentence_transformers_in_the_order_asked(
    deploy: Deploy, minilm: Path
) -> None:
    answer = deploy("embeddings", minilm).answer({"inputs": TEXTS})

    assert numpy.shape(answer) == (len(TEXTS), 384)
    assert numpy.abs(answer - expected(minilm, TEXTS)).max() < NEAR


def test_nothing_is_written_into_the_model_folder(deploy: Deploy, minilm: Path) -> None:
    endpoint = deploy("embeddings", minilm)
    before = listing(endpoint.folder)

    endpoint.answer({"inputs": "a text"})

    assert listing(endpoint.folder) == before


def test_one_string_makes_a_list_of_one_vector(deploy: Deploy, minilm: Path) -> None:
    endpoint = deploy("embeddings", minilm)

    alone, listed = endpoint.answer({"inputs": "a text"}), endpoint.answer({"input": ["a text"]})

    assert alone == listed
    assert numpy.shape(alone) == (1, 384)


def test_a_models_vectors_do_not_depend_on_what_else_is_asked(deploy: Deploy, minilm: Path) -> None:
    endpoint = deploy("embeddings", minilm)
    many = [f"{'word ' * (7 * index % 60)}{index}" for index in range(100)]

    together = endpoint.answer({"inputs": many})

    alone = [endpoint.answer({"inputs": text})[0] for text in many[:10]]
    assert numpy.abs(numpy.subtract(together[:10], alone)).max() < NEAR


@pytest.mark.parametrize("mode", POOLING)
def test_tokens_are_pooled_as_the_models_switches_say(
    mode: str, deploy: Deploy, minilm: Path, tmp_path: Path
) -> None:
    token = {"cls": "cls_token", "max": "max_tokens", "mean": "mean_tokens"}
    token |= {"weightedmean": "weightedmean_tokens"}
    switches = {f"pooling_mode_{token.get(name, name)}": name == mode for name in POOLING}
    config = {"word_embedding_dimension": 384, **switches}
    model = like(minilm, tmp_path / "other", **{"1_Pooling__config": config})

    answer = deploy("embeddings", model).answer({"inputs": TEXTS})

    assert numpy.abs(answer - expected(model, TEXTS)).max() < NEAR


def test_several_poolings_stand_side_by_side(deploy: Deploy, minilm: Path, tmp_path: Path) -> None:
    config = {"embedding_dimension": 384, "pooling_mode": ["mean", "cls"]}
    model = like(minilm, tmp_path / "other", **{"1_Pooling__config": config})

    answer = deploy("embeddings", model).answer({"inputs": TEXTS})

    assert numpy.shape(answer) == (len(TEXTS), 768)
    assert numpy.abs(answer - expected(model, TEXTS)).max() < NEAR


@pytest.mark.parametrize("names", [{}, {"architectures": ["BertForCausalLM"]}])
def test_a_model_without_files_of_sentence_transformers_is_pooled_as_they_would(
    names: dict[str, object], deploy: Deploy, minilm: Path, tmp_path: Path
) -> None:
    gone = ("modules", "sentence_bert_config", "1_Pooling__config")
    config = json.loads((minilm / "config.json").read_text()) | names
    model = like(minilm, tmp_path / "other", config=config, **dict.fromkeys(gone))

    answer = deploy("embeddings", model).answer({"inputs": TEXTS})

    vectors = expected(model, TEXTS)
    assert numpy.abs(numpy.linalg.norm(vectors, axis=1) - 1).max() > 0.1
    assert numpy.abs(answer - vectors).max() < NEAR


@pytest.mark.parametrize("activation", ["activation.Tanh", "linear.Identity"])
def test_layers_after_the_pooling_are_run(
    activation: str, deploy: Deploy, minilm: Path, tmp_path: Path
) -> None:
    listed = modules("Transformer", "Pooling", "Dense", "LayerNorm", "Normalize")
    dense: dict[str, object] = {"in_features": 384, "out_features": 16, "bias": True}
    dense["activation_function"] = f"torch.nn.modules.{activation}"
    files = {"modules": listed, "2_Dense__config": dense, "3_LayerNorm__config": {"dimension": 16}}
    model = like(minilm, tmp_path / "other", **files)
    chance = numpy.random.default_rng(7)

    def save(kind: str, **shapes: tuple[int, ...]) -> None:
        layer = "linear" if kind == "2_Dense" else "norm"
        weights = {
            f"{layer}.{name}": chance.normal(size=shape).astype("float32")
            for name, shape in shapes.items()
        }
        safetensors.save_file(weights, model / kind / "model.safetensors")

    save("2_Dense", weight=(16, 384), bias=(16,))
    save("3_LayerNorm", weight=(16,), bias=(16,))

    answer = deploy("embeddings", model).answer({"inputs": TEXTS})

    assert numpy.shape(answer) == (len(TEXTS), 16)
    assert numpy.abs(answer - expected(model, TEXTS)).max() < NEAR


def test_what_no_code_here_can_run_is_refused_by_name(
    deploy: Deploy, minilm: Path, tmp_path: Path
) -> None:
    model = like(minilm, tmp_path / "other", modules=modules("Transformer", "Pooling", "CNN"))

    told = deploy("embeddings", model).refusal({"inputs": "a text"})

    assert "asks for Transformer, Pooling, CNN" in told
    assert "code of your own" in told


PROMPTS = {
    "prompts": {"query": "query: ", "passage": "passage: ", "shout": "HEAR YE "},
    "default_prompt_name": "shout",
}


@pytest.mark.parametrize(
    "asked",
    [
        ({}, {}),
        ({"type": "embeddings"}, {}),
        ({"type": "query"}, {"prompt_name": "query"}),
        ({"type": "passage"}, {"prompt_name": "passage"}),
        ({"prompt_name": "shout"}, {"prompt_name": "shout"}),
        ({"prompt": "for rhymes: "}, {"prompt": "for rhymes: "}),
        ({"prompt": ""}, {"prompt": ""}),
    ],
)
@pytest.mark.parametrize("counted", [True, False])
def test_prompts_come_before_the_texts_as_asked(
    counted: bool,
    asked: tuple[dict[str, str], dict[str, str]],
    deploy: Deploy,
    minilm: Path,
    tmp_path: Path,
) -> None:
    pooling = {"embedding_dimension": 384, "pooling_mode": "mean", "include_prompt": counted}
    files = {"config_sentence_transformers": PROMPTS, "1_Pooling__config": pooling}
    model = like(minilm, tmp_path / "other", **files)

    answer = deploy("embeddings", model).answer({"inputs": TEXTS, **asked[0]})

    assert numpy.abs(answer - expected(model, TEXTS, **asked[1])).max() < NEAR


def test_a_side_that_the_model_has_no_prompt_for_needs_none(deploy: Deploy, minilm: Path) -> None:
    endpoint = deploy("embeddings", minilm)

    assert endpoint.answer({"inputs": "a", "type": "query"}) == endpoint.answer({"inputs": "a"})


def test_an_unknown_prompt_names_those_that_the_model_has(
    deploy: Deploy, minilm: Path, tmp_path: Path
) -> None:
    model = like(minilm, tmp_path / "other", config_sentence_transformers=PROMPTS)
    endpoint = deploy("embeddings", model)

    told = endpoint.refusal({"inputs": "a", "prompt_name": "querry"})

    assert "no prompt 'querry' (it has passage, query, shout)" in told


def test_two_ways_to_choose_a_prompt_are_one_too_many(deploy: Deploy, minilm: Path) -> None:
    told = deploy("embeddings", minilm).refusal({"inputs": "a", "type": "query", "prompt": "q"})

    assert told == "'type', 'prompt_name' and 'prompt' each choose a prompt; give one"


def test_texts_are_brought_to_lower_case_where_the_model_says_so(
    deploy: Deploy, minilm: Path, tmp_path: Path
) -> None:
    tokenizer = json.loads((minilm / "tokenizer.json").read_text())
    tokenizer["normalizer"]["lowercase"] = False
    settings = json.loads((minilm / "tokenizer_config.json").read_text()) | {"do_lower_case": False}
    text = {"max_seq_length": 256, "do_lower_case": True}
    files = {"tokenizer": tokenizer, "tokenizer_config": settings, "sentence_bert_config": text}
    model = like(minilm, tmp_path / "other", **files)

    upper, lower = deploy("embeddings", model).answer({"inputs": ["A CAT", "a cat"]})

    assert upper == lower


def test_of_several_models_the_request_names_one(
    deploy: Deploy, minilm: Path, tmp_path: Path
) -> None:
    pooling = {"embedding_dimension": 384, "pooling_mode": "cls"}
    other = like(minilm, tmp_path / "other", **{"1_Pooling__config": pooling})
    endpoint = deploy("embeddings", minilm, other, names=("all-MiniLM-L6-v2", "other"))

    named = endpoint.answer({"inputs": TEXTS, "model": "sentence-transformers/all-MiniLM-L6-v2"})
    short = endpoint.answer({"inputs": TEXTS, "model": "other"})

    assert numpy.abs(named - expected(minilm, TEXTS)).max() < NEAR
    assert numpy.abs(short - expected(other, TEXTS)).max() < NEAR
    assert endpoint.refusal({"inputs": "a"}) == (
        "'model' is missing; name one of 'all-MiniLM-L6-v2', 'other'"
    )
    assert endpoint.refusal({"inputs": "a", "model": "org/third"}) == (
        "no model 'org/third' answers this request; there are 'all-MiniLM-L6-v2', 'other'"
    )


def test_models_are_loaded_once(deploy: Deploy, minilm: Path) -> None:
    endpoint = deploy("embeddings", minilm)
    endpoint.answer({"inputs": "a text"})
    endpoint.folder.chmod(0o755)
    (endpoint.folder / "model.safetensors").unlink()

    assert numpy.shape(endpoint.answer({"inputs": "a text"})) == (1, 384)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "'inputs' is missing"),
        ({"inputs": []}, "'inputs' is empty; give at least one string"),
        ({"inputs": {"a": 1}}, "'inputs' is a dict; give a string or a list of them"),
        ({"inputs": ["a", 7]}, "inputs[1] is 7; each must be a string"),
        ({"inputs": "a", "input": "b"}, "'inputs' and 'input' mean the same; give one of them"),
        (
            {"inputs": "a", "normalise": True},
            "unknown field 'normalise'; "
            "allowed are input, inputs, model, prompt, prompt_name, type",
        ),
        (
            {"inputs": "a", "type": "cross-encoder"},
            "type 'cross-encoder' is not understood; give one of embeddings, query, passage",
        ),
        ({"inputs": "a", "prompt": 7}, "'prompt' is a int; give one string"),
        (["a"], 'the body is a list; send an object such as {"inputs": ["a text"]}'),
    ],
)
def test_a_request_that_is_not_understood_is_told_why(
    body: object, told: str, deploy: Deploy, minilm: Path
) -> None:
    assert deploy("embeddings", minilm).refusal(body) == told


def test_a_folder_without_a_model_says_what_is_there(deploy: Deploy, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "model.tar.gz").write_bytes(b"")

    told = deploy("embeddings", tmp_path / "empty").refusal({"inputs": "a"})

    assert "there is no model in" in told
    assert "deploy the model's files, not their archive" in told


@pytest.mark.parametrize(
    ("variable", "told"),
    [
        ("DTYPE=fp16", "DTYPE is 'fp16'; give float16, bfloat16, float32"),
        ("MAX_BATCH_TOKENS=many", "MAX_BATCH_TOKENS is 'many'; give a whole number above zero"),
        ("MAX_BATCH_TOKENS=0", "MAX_BATCH_TOKENS is '0'; give a whole number above zero"),
    ],
)
def test_a_variable_of_the_endpoint_that_is_not_understood_is_told(
    variable: str,
    told: str,
    deploy: Deploy,
    minilm: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(*variable.split("="))

    assert told in deploy("embeddings", minilm).refusal({"inputs": "a"})


def test_the_precision_is_the_endpoints_choice(
    deploy: Deploy, minilm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DTYPE", "bfloat16")

    answer = deploy("embeddings", minilm).answer({"inputs": TEXTS})

    assert NEAR < numpy.abs(answer - expected(minilm, TEXTS)).max() < 0.02


def test_numbers_that_are_not_finite_are_told_with_the_way_out(
    deploy: Deploy, minilm: Path, tmp_path: Path
) -> None:
    model = like(minilm, tmp_path / "other")
    numbers = safetensors.load_file(model / "model.safetensors")
    numbers["embeddings.LayerNorm.weight"] = numbers["embeddings.LayerNorm.weight"] * numpy.nan
    safetensors.save_file(numbers, model / "model.safetensors")

    told = deploy("embeddings", model).refusal({"inputs": "a"})

    assert "not finite in float32" in told
