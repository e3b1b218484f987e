"""Batches: every text once, no more tokens than allowed, little padding."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

SOURCE = Path(__file__).parents[2] / "custom_inference/embeddings/code/encoders/batches.py"
Lengths = st.lists(st.integers(1, 600), max_size=300)


def load() -> Callable[[list[int], int], Iterator[list[int]]]:
    spec = importlib.util.spec_from_file_location("batches", SOURCE)
    assert spec
    assert spec.loader
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    by_length: Callable[[list[int], int], Iterator[list[int]]] = module.by_length
    return by_length


by_length = load()


@given(lengths=Lengths, most=st.integers(1, 5000))
def test_every_text_is_in_one_batch(lengths: list[int], most: int) -> None:
    found = sorted(index for batch in by_length(lengths, most) for index in batch)

    assert found == list(range(len(lengths)))


@given(lengths=Lengths, most=st.integers(1, 5000))
def test_a_batch_has_no_more_tokens_than_allowed_unless_it_is_one_text(
    lengths: list[int], most: int
) -> None:
    for batch in by_length(lengths, most):
        padded = len(batch) * max(lengths[index] for index in batch)
        assert padded <= most or len(batch) == 1


@given(lengths=Lengths, most=st.integers(1, 5000))
def test_no_text_of_a_later_batch_is_longer(lengths: list[int], most: int) -> None:
    batches = list(by_length(lengths, most))

    for earlier, later in pairwise(batches):
        assert min(lengths[i] for i in earlier) >= max(lengths[i] for i in later)


@pytest.mark.parametrize(
    ("lengths", "batches"),
    [([], []), ([3, 9, 3], [[1], [0, 2]]), ([5, 5, 5, 5], [[0, 1], [2, 3]])],
)
def test_batches_are_as_large_as_allowed(lengths: list[int], batches: list[list[int]]) -> None:
    assert list(by_length(lengths, 10)) == batches
