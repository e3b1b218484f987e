"""How long a model may take to start, by what is known of its size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_model.hosting.timeouts import (
    LONGEST,
    SHORTEST,
    parameters_in_name,
    size_in_name,
    timeouts_for,
)

SIZES = st.floats(min_value=0, max_value=1e6)


@pytest.mark.parametrize(
    ("model_id", "billions"),
    [
        ("Qwen/Qwen2.5-7B-Instruct", 7),
        ("Qwen/Qwen2.5-1.5B-Instruct-AWQ", 1.5),
        ("EleutherAI/pythia-12b", 12),
        ("openai/gpt-oss-120b", 120),
        ("HuggingFaceTB/SmolLM2-135M", 0.135),
        ("facebook/nllb-200-distilled-600M", 0.6),
        ("facebook/esm2_t33_650M_UR50D", 0.65),
        ("stabilityai/stablelm-2-1_6b", 1.6),
        ("internlm/internlm2_5-7b-chat", 7),
        ("Qwen/Qwen3-30B-A3B", 30),
        ("org/Ling-1T", 1000),
        ("meta-llama/Llama-3.1-8B-Instruct-GPTQ-4bit", 8),
        ("gpt-neox-20b", 20),
    ],
)
def test_a_name_tells_its_parameters(model_id: str, billions: float) -> None:
    assert parameters_in_name(model_id) == pytest.approx(billions * 1e9)


@pytest.mark.parametrize(
    ("model_id", "upper_bound"),
    [
        ("mistralai/Mixtral-8x7B-Instruct-v0.1", 56e9),
        ("mistralai/Mixtral-8x22B-v0.1", 176e9),
        ("meta-llama/Llama-4-Scout-17B-16E-Instruct", 272e9),
    ],
)
def test_experts_count_in_full_as_an_upper_bound(model_id: str, upper_bound: float) -> None:
    assert parameters_in_name(model_id) == upper_bound


@pytest.mark.parametrize(
    "model_id",
    [
        "sentence-transformers/all-MiniLM-L6-v2",
        "org/chat-v0.3",
        "org/Llama-3.1",
        "org/model-4bit",
        "org/model-8bit-llama",
        "microsoft/Phi-3-mini-128k-instruct",
        "org/Llama-AWQ-4b",
        "org/llama-gptq_4b",
        "org/llama-hqq-2b",
        "google/gemma-3n-E4B-it",
        "BAAI/bge-m3",
        "7b-org/name",
        "",
    ],
)
def test_other_numbers_in_a_name_are_not_parameters(model_id: str) -> None:
    assert parameters_in_name(model_id) is None
    assert size_in_name(model_id) is None


@given(count=st.integers(1, 2000), tail=st.sampled_from(["", "-Instruct", "-v0.3", "-AWQ", "_hf"]))
def test_any_whole_number_of_billions_is_read(count: int, tail: str) -> None:
    assert parameters_in_name(f"org/name-{count}B{tail}") == count * 1e9


@given(
    st.one_of(
        st.text(max_size=60),
        st.from_regex(r"\A[0-9]{1,400}x?[0-9._]{0,400}[bmtBMT](-[0-9]{1,400}e)?\Z"),
    )
)
def test_any_name_gives_time_outs_that_the_api_takes(model_id: str) -> None:
    timeouts = timeouts_for(size_gib=size_in_name(model_id), downloads=True)

    assert SHORTEST <= timeouts.startup <= LONGEST
    assert SHORTEST <= timeouts.download <= LONGEST


def test_two_bytes_a_parameter() -> None:
    assert size_in_name("org/name-8B") == pytest.approx(8e9 * 2 / 2**30, abs=0.05)


@pytest.mark.parametrize(
    ("size_gib", "downloads", "startup", "download"),
    [
        (0, False, 600, 300),
        (14, False, 810, 510),
        (14, True, 1090, 510),
        (100, False, 2100, 1800),
        (100, True, 3600, 1800),
        (500, True, 3600, 3600),
        (None, False, 1200, 1200),
        (None, True, 1200, 1200),
    ],
)
def test_the_time_outs_grow_with_the_model(
    size_gib: float | None, downloads: bool, startup: int, download: int
) -> None:
    timeouts = timeouts_for(size_gib=size_gib, downloads=downloads)

    assert (timeouts.startup, timeouts.download) == (startup, download)


@pytest.mark.parametrize("size_gib", [None, 1])
def test_a_container_that_compiles_the_model_gets_the_longest_start(size_gib: float | None) -> None:
    plain = timeouts_for(size_gib=size_gib, downloads=False)

    compiled = timeouts_for(size_gib=size_gib, downloads=False, compiles=True)

    assert (compiled.startup, compiled.download) == (3600, plain.download)


@given(smaller=SIZES, larger=SIZES, downloads=st.booleans())
def test_a_larger_model_never_gets_less_time(
    smaller: float, larger: float, downloads: bool
) -> None:
    smaller, larger = sorted((smaller, larger))

    less = timeouts_for(size_gib=smaller, downloads=downloads)
    more = timeouts_for(size_gib=larger, downloads=downloads)

    assert less.startup <= more.startup
    assert less.download <= more.download
