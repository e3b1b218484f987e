"""What can be said about serving, and what is refused at once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_model.engine.engine import given_options
from sagemaker_model.engine.serving_options import ServingOptions

COUNTS = ("tensor_parallel_degree", "max_input_tokens", "max_total_tokens", "max_batch_size")


@pytest.mark.parametrize("name", COUNTS)
@given(value=st.integers(max_value=0))
def test_a_count_below_one_is_refused_by_name(name: str, value: int) -> None:
    arguments: dict[str, Any] = {name: value}

    with pytest.raises(ValueError, match=f"{name} must be 1 or more, got {value}; leave it out"):
        ServingOptions(**arguments)


@pytest.mark.parametrize("name", COUNTS)
@pytest.mark.parametrize("value", ["4096", 1.5, True])
def test_a_count_that_is_no_whole_number_is_refused_by_name(name: str, value: object) -> None:
    arguments: dict[str, Any] = {name: value}

    with pytest.raises(TypeError, match=f"{name} must be a whole number, got {value!r}"):
        ServingOptions(**arguments)


@given(total=st.integers(1, 10**6), more=st.integers(0, 10**6))
def test_an_input_as_long_as_the_total_leaves_no_room_for_an_answer(total: int, more: int) -> None:
    with pytest.raises(ValueError, match="must be less than max_total_tokens"):
        ServingOptions(max_input_tokens=total + more, max_total_tokens=total)


def test_an_input_one_token_shorter_than_the_total_is_taken() -> None:
    options = ServingOptions(max_input_tokens=4095, max_total_tokens=4096)

    assert given_options(options) == {"max_input_tokens": 4095, "max_total_tokens": 4096}


@pytest.mark.parametrize("name", ["quantization", "dtype"])
@pytest.mark.parametrize("value", ["", "fp8\nx", "fp 8", " fp8"])
def test_what_is_no_word_is_refused_by_name(name: str, value: str) -> None:
    arguments: dict[str, Any] = {name: value}

    with pytest.raises(ValueError, match=f"{name} must be one word"):
        ServingOptions(**arguments)


def test_nothing_is_given_by_default() -> None:
    assert given_options(ServingOptions()) == {}
