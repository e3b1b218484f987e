"""What the linter says of variables that contradict each other."""

from __future__ import annotations

import pytest

from engine.environments import TOKEN, findings, rules
from sagemaker_model.checks.finding import Severity


@pytest.mark.parametrize(
    ("name", "user"),
    [
        ("MAX_INPUT_LENGTH", {"MAX_INPUT_LENGTH": "9", "MAX_INPUT_TOKENS": "9"}),
        ("MAX_TOTAL_TOKENS", {"MAX_INPUT_TOKENS": "10", "MAX_TOTAL_TOKENS": "10"}),
        ("MAX_TOTAL_TOKENS", {"MAX_INPUT_LENGTH": "10", "MAX_TOTAL_TOKENS": "9"}),
        ("MAX_BATCH_PREFILL_TOKENS", {"MAX_INPUT_TOKENS": "9", "MAX_BATCH_PREFILL_TOKENS": "8"}),
        ("MAX_BATCH_TOTAL_TOKENS", {"MAX_TOTAL_TOKENS": "9", "MAX_BATCH_TOTAL_TOKENS": "8"}),
        ("DTYPE", {"DTYPE": "float16", "QUANTIZE": "fp8"}),
        ("DTYPE", {"DTYPE": "float16", "HF_MODEL_QUANTIZE": "fp8"}),
    ],
)
def test_what_tgi_refuses_when_it_starts_is_an_error(name: str, user: dict[str, str]) -> None:
    (finding,) = findings("tgi", user)

    assert (finding.rule, finding.severity) == ("environment-conflict", Severity.ERROR)
    assert finding.path == f"env.{name}"


@pytest.mark.parametrize(
    "user",
    [
        {"MAX_INPUT_TOKENS": "9", "MAX_TOTAL_TOKENS": "10", "MAX_BATCH_PREFILL_TOKENS": "9"},
        {"MAX_INPUT_TOKENS": TOKEN, "MAX_TOTAL_TOKENS": "1"},
        {"MAX_INPUT_TOKENS": "9", "MAX_TOTAL_TOKENS": "many"},
        {"MAX_INPUT_TOKENS": "9", "MAX_TOTAL_TOKENS": "²"},
        {"MAX_TOTAL_TOKENS": "9", "MAX_BATCH_TOTAL_TOKENS": "9"},
        {"DTYPE": "float16"},
    ],
)
def test_what_tgi_takes_is_fine(user: dict[str, str]) -> None:
    assert findings("tgi", user) == []


def test_serving_options_that_contradict_each_other_are_found_without_any_variable() -> None:
    rendered = {"DTYPE": "float16", "HF_MODEL_QUANTIZE": "fp8"}

    assert rules("tgi", {}, rendered=rendered) == ["environment-conflict"]


def test_a_limit_of_the_user_is_compared_with_one_of_the_library() -> None:
    rendered = {"MAX_INPUT_TOKENS": "4096"}

    assert rules("tgi", {"MAX_TOTAL_TOKENS": "2048"}, rendered=rendered) == ["environment-conflict"]
    assert rules("tgi", {"MAX_TOTAL_TOKENS": "8192"}, rendered=rendered) == []


def test_a_limit_of_the_library_that_a_token_replaces_is_not_compared() -> None:
    user = {"MAX_INPUT_TOKENS": TOKEN, "MAX_TOTAL_TOKENS": "10"}

    assert findings("tgi", user, rendered={"MAX_INPUT_TOKENS": "4096"}) == []


@pytest.mark.parametrize(
    ("engine", "rendered", "user"),
    [
        ("tgi", {"SM_NUM_GPUS": "4"}, {"NUM_SHARD": "2"}),
        ("tgi", {"HF_MODEL_ID": "org/a"}, {"MODEL_ID": "org/b"}),
        ("lmi", {"TENSOR_PARALLEL_DEGREE": "4"}, {"OPTION_TENSOR_PARALLEL_DEGREE": "2"}),
        ("lmi", {"TENSOR_PARALLEL_DEGREE": "4"}, {"SM_NUM_GPUS": "2"}),
        ("lmi", {"OPTION_MAX_ROLLING_BATCH_SIZE": "8"}, {"OPTION_MAX_NUM_SEQS": "9"}),
        ("sglang", {"SM_SGLANG_TP": "4"}, {"SM_SGLANG_TENSOR_PARALLEL_SIZE": "2"}),
        ("vllm", {"SM_VLLM_MODEL": "org/a"}, {"HF_MODEL_ID": "org/b"}),
    ],
)
def test_one_setting_by_two_names_is_an_error_that_names_both(
    engine: str, rendered: dict[str, str], user: dict[str, str]
) -> None:
    (finding,) = findings(engine, user, rendered=rendered)

    assert (finding.rule, finding.severity) == ("environment-conflict", Severity.ERROR)
    assert all(name in str(finding) for name in (*rendered, *user))


@pytest.mark.parametrize("value", ["4", TOKEN])
def test_one_setting_by_two_names_with_one_value_or_a_token_is_fine(value: str) -> None:
    assert findings("tgi", {"NUM_SHARD": value}, rendered={"SM_NUM_GPUS": "4"}) == []
