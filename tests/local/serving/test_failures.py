"""Engines that don't run here end where the real ones would, in their words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from sagemaker_model.local.serving import failures
from sagemaker_model.local.serving.failures import Failure, Start

Begin = Callable[..., Start]
LLAMA = {"model_type": "llama", "num_attention_heads": 12, "max_position_embeddings": 4096}
OWN = {"model_type": "own", "auto_map": {"AutoConfig": "configuration_own.OwnConfig"}}
MOUNTED = "/opt/ml/model"


@pytest.fixture
def begin(tmp_path: Path) -> Begin:
    def make(
        config: Mapping[str, Any] | None = None, *, isolated: bool = False, **variables: str
    ) -> Start:
        if config is not None:
            (tmp_path / "config.json").write_text(json.dumps(config))
        return Start(variables, tmp_path, isolated)

    return make


@pytest.mark.parametrize(
    ("engine", "variables"),
    [
        (failures.vllm, {"SM_VLLM_TENSOR_PARALLEL_SIZE": "8"}),
        (failures.sglang, {"SM_SGLANG_TP_SIZE": "8"}),
        (failures.lmi, {"TENSOR_PARALLEL_DEGREE": "8"}),
        (failures.tgi, {"HF_MODEL_ID": MOUNTED, "SM_NUM_GPUS": "8"}),
    ],
    ids=["vllm", "sglang", "lmi", "tgi"],
)
def test_heads_that_can_t_be_split_end_it(
    engine: Failure, variables: dict[str, str], begin: Begin
) -> None:
    said = engine(begin(LLAMA, **variables)) or ""

    assert "divisible by" in said
    assert "12" in said
    assert "8" in said


@pytest.mark.parametrize("degree", ["4", "1", "max", ""])
def test_heads_that_can_be_split_or_a_degree_that_is_no_number_do_not(
    degree: str, begin: Begin
) -> None:
    assert failures.lmi(begin(LLAMA, TENSOR_PARALLEL_DEGREE=degree)) is None


def test_code_of_the_model_s_own_must_be_allowed(begin: Begin) -> None:
    said = failures.vllm(begin(OWN, SM_VLLM_MODEL=MOUNTED)) or ""

    assert said.startswith(f"ValueError: Loading {MOUNTED} requires you to execute the")
    assert failures.vllm(begin(OWN, SM_VLLM_TRUST_REMOTE_CODE="true")) is None
    # transformers has code for it, and takes that.
    assert failures.vllm(begin({**OWN, "model_type": "llama"})) is None


def test_a_context_longer_than_the_model_s_ends_it(begin: Begin) -> None:
    said = failures.vllm(begin(LLAMA, SM_VLLM_MAX_MODEL_LEN="65536")) or ""

    assert "max_model_len (65536) is greater than the derived max_model_len" in said
    assert failures.vllm(begin(LLAMA, SM_VLLM_MAX_MODEL_LEN="4096")) is None


def test_the_hub_is_out_of_reach_of_an_isolated_container(begin: Begin) -> None:
    said = failures.vllm(begin(isolated=True, SM_VLLM_MODEL="org/name")) or ""

    assert "couldn't connect to 'https://huggingface.co'" in said
    assert failures.vllm(begin(isolated=True, SM_VLLM_MODEL=MOUNTED)) is None
    assert failures.vllm(begin(SM_VLLM_MODEL="org/name")) is None


@pytest.mark.parametrize("text", ["no json", "[1]"])
def test_a_config_that_is_none_tells_nothing(text: str, begin: Begin, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(text)

    assert failures.vllm(begin(SM_VLLM_TENSOR_PARALLEL_SIZE="8")) is None
