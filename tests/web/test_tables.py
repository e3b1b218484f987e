"""Tables show texts as texts, and numbers as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_model.runtime import Ranked
from sagemaker_model.web.tables import ranking_table, similarity, similarity_table

VECTORS = st.lists(st.floats(-100, 100), min_size=3, max_size=3)


@given(VECTORS, VECTORS)
def test_a_similarity_is_between_minus_one_and_one_whoever_is_first(
    one: list[float], other: list[float]
) -> None:
    assert similarity(one, other) == pytest.approx(similarity(other, one))
    assert abs(similarity(one, other)) <= 1 + 1e-9


def test_a_vector_without_length_is_like_no_other() -> None:
    assert similarity([0.0, 0.0], [1.0, 0.0]) == 0.0


@given(st.lists(st.text(), max_size=3))
def test_no_text_of_a_table_is_html(texts: list[str]) -> None:
    marked = [f"<i>{text}" for text in texts]
    ranked = [Ranked(index=i, score=1.0, text=text) for i, text in enumerate(marked)]

    assert "<i>" not in similarity_table(marked, [[1.0]] * len(marked))
    assert "<i>" not in ranking_table(ranked)


def test_opposite_texts_have_no_shade() -> None:
    table = similarity_table(["a", "b"], [[1.0], [-1.0]])

    assert table.count('style="--share: 0.00">-1.00<') == 2
    assert table.count('style="--share: 1.00">1.00<') == 2
