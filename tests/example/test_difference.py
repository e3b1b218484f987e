"""How an answer is compared with the one that an example has."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_model.example.difference import differences, rounded

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(VALUES)
def test_every_answer_equals_itself(value: Any) -> None:
    assert [*differences(value, json.loads(json.dumps(value)), 0)] == []


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.1, 0.01, 0.001, 0.0005, 1e-6]),
)
def test_a_rounded_answer_equals_the_one_it_is_of(value: float, tolerance: float) -> None:
    assert [*differences(rounded(value, tolerance), value, tolerance)] == []


@pytest.mark.parametrize(
    ("expected", "got", "told"),
    [
        (1, 2, "answer: expected 1, got 2"),
        (0.5, 0.52, "answer: expected 0.5, got 0.52"),
        (1, True, "answer: expected 1, got True"),
        (0.5, "0.5", "answer: expected 0.5, got '0.5'"),
        (0.5, math.nan, "answer: expected 0.5, got nan"),
        ([1, 2], [1], "answer: expected 2 items, got 1"),
        ([1, [2]], [1, [3]], "answer[1][0]: expected 2, got 3"),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, "answer.a.b: expected 1, got 2"),
        ({"label": "POSITIVE"}, {"score": 1}, "answer: expected the field 'label', got ['score']"),
        ({}, [], "answer: expected {}, got []"),
        ("a" * 80, "b", f"answer: expected '{'a' * 59}…, got 'b'"),
    ],
    ids=[
        "integer",
        "float",
        "boolean",
        "text",
        "nan",
        "shorter",
        "within lists",
        "within objects",
        "no field",
        "another kind",
        "long",
    ],
)
def test_a_difference_is_told_with_its_place(expected: Any, got: Any, told: str) -> None:
    assert [*differences(expected, got, 0.01)] == [told]


def test_numbers_may_lie_apart_by_the_tolerance_of_either_kind() -> None:
    near = {"score": 0.0005, "other": 1000.9}

    assert [*differences({"score": 0, "other": 1000}, near, 0.001)] == []
    assert len([*differences({"score": 0, "other": 1000}, near, 0.0001)]) == 2


def test_whole_numbers_stay_whole() -> None:
    assert rounded({"count": 7, "scores": [0.12345, True, None]}, 0.01) == {
        "count": 7,
        "scores": [0.123, True, None],
    }


def test_without_a_tolerance_nothing_is_rounded() -> None:
    assert rounded(0.123456789, 0) == 0.123456789
