"""The rules about a model's files, one by one."""

from __future__ import annotations

import pytest

from model_builder.artefact_rules import POINTER, Artefacts, broken_rules

SOUND = {"config.json": b"{}", "tokenizer_config.json": b"{}", "tokenizer.json": b"{}",
         "model.safetensors": b""}  # fmt: skip


def broken(*without: str, **more: bytes) -> set[tuple[str, bool]]:
    contents = {p: c for p, c in {**SOUND, **more}.items() if p not in without}
    artefacts = Artefacts(dict.fromkeys(contents, 1), tuple(contents), contents)
    return {(rule.rule, rule.stops) for rule in broken_rules(artefacts)}


def test_a_sound_model_breaks_no_rule() -> None:
    assert broken() == set()


INDEX = b'{"weight_map": {"x": "model-00001-of-00002.safetensors"}}'
BROKEN = {
    "A1": (("config.json",), {}, True),
    "A2": (("tokenizer_config.json",), {}, False),
    "A3": (("tokenizer.json",), {}, False),
    "A4": (("model.safetensors",), {}, True),
    "A5": (("model.safetensors",), {"pytorch_model.bin": b""}, False),
    "A6": ((), {"model.safetensors.index.json": INDEX}, True),
    "A7": ((), {"modeling_new.py": b""}, False),
    "A8": ((), {"all.tar.gz": b""}, True),
    "A9": ((), {"../x": b""}, True),
    "A10": ((), {"params.json": POINTER}, True),
    "A12": ((), {"serving.properties": b"engine=MPI\noption.model_id = x"}, True),
    "A16": ((), {"llama_tp2_rank0.engine": b""}, True),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_is_found_and_no_other(rule: str) -> None:
    without, more, stops = BROKEN[rule]

    assert broken(*without, **more) == {(rule, stops)}


def test_a_text_model_without_tokenizer_config_stops() -> None:
    config = b'{"architectures": ["LlamaForCausalLM"]}'

    assert broken("tokenizer_config.json", **{"config.json": config}) == {("A2", True)}


def test_an_adapter_says_what_it_needs() -> None:
    adapter = b'{"base_model_name_or_path": "org/base"}'

    found = broken("config.json", **{"adapter_config.json": adapter})

    assert found == {("A13", False)}


def test_a_missing_shard_is_found_by_its_name() -> None:
    shard = {"model-00001-of-00003.safetensors": b""}

    assert ("A6", True) in broken(**shard)


def test_code_named_by_the_config_is_found() -> None:
    assert broken(**{"config.json": b'{"auto_map": {"AutoModel": "x.Y"}}'}) == {("A7", False)}
