"""Answers of every engine are read into one form."""

from __future__ import annotations

from typing import Any

import pytest

from runtime.recorded import ANSWERS, PLAIN, TEXT
from sagemaker_model.runtime import (
    GeneratedToken,
    Generation,
    ModelFailedError,
    Ranked,
    UnexpectedAnswerError,
    Usage,
)
from sagemaker_model.runtime.answer.generated import read_event, read_generation
from sagemaker_model.runtime.answer.ranking import read_ranking
from sagemaker_model.runtime.answer.vectors import read_vectors

VECTORS = [[0.1, 0.2], [0.3, 0.4]]


@pytest.mark.parametrize("engine", ANSWERS)
def test_a_whole_answer_tells_text_reason_usage_and_tokens(engine: str) -> None:
    read = read_generation(ANSWERS[engine])

    assert read.text == TEXT
    assert read.finish_reason == "stop"
    assert read.usage == Usage(prompt_tokens=5, completion_tokens=6)
    assert [(token.text, token.logprob) for token in read.tokens] == [("Deep", -0.5)]
    assert read.raw == ANSWERS[engine]


@pytest.mark.parametrize("engine", PLAIN)
def test_an_answer_may_tell_its_text_alone(engine: str) -> None:
    assert read_generation(PLAIN[engine]) == Generation(text=TEXT, raw=PLAIN[engine])


def test_a_message_without_content_is_an_empty_text() -> None:
    answer = {"choices": [{"message": {"content": None, "tool_calls": []}, "finish_reason": "x"}]}

    assert read_generation(answer).text == ""


def test_the_special_token_at_the_end_is_no_part_of_the_text() -> None:
    event = read_event({"token": {"id": 2, "text": "</s>", "logprob": -0.1, "special": True}})

    assert event.text == ""
    assert event.tokens == (GeneratedToken(text="</s>", id=2, logprob=-0.1),)


def test_an_lmi_generation_that_ended_with_an_error_is_one() -> None:
    details = {"finish_reason": "error", "generated_tokens": None, "inputs": None}

    with pytest.raises(ModelFailedError):
        read_generation({"generated_text": "", "details": details})
    with pytest.raises(ModelFailedError):
        read_event({"token": {"id": -1, "text": ""}, "generated_text": "", "details": details})


@pytest.mark.parametrize(
    "answer",
    [None, 1, "text", [], {}, [[0.1]], {"generated_text": None}, {"choices": ["text"]}],
    ids=repr,
)
def test_what_holds_no_text_is_shown_with_a_way_out(answer: Any) -> None:
    with pytest.raises(UnexpectedAnswerError, match=r"holds no generated text: .*use invoke"):
        read_generation(answer)


def test_of_a_long_answer_only_the_beginning_is_shown() -> None:
    with pytest.raises(UnexpectedAnswerError) as raised:
        read_generation(["x" * 10_000])

    assert len(str(raised.value)) < 500


@pytest.mark.parametrize(
    "answer",
    [
        VECTORS,
        {
            "object": "list",
            "data": [
                {"object": "embedding", "index": 1, "embedding": VECTORS[1]},
                {"object": "embedding", "index": 0, "embedding": VECTORS[0]},
            ],
        },
    ],
    ids=["TEI, LMI and the ready handlers", "vLLM, in another order"],
)
def test_vectors_come_in_the_order_of_the_texts(answer: Any) -> None:
    assert read_vectors(answer, 2) == VECTORS


def test_lmi_answers_one_text_with_a_bare_vector() -> None:
    assert read_vectors([0.1, 0.2], 1) == [[0.1, 0.2]]


def test_too_few_vectors_are_not_taken_for_the_texts() -> None:
    with pytest.raises(UnexpectedAnswerError, match="holds no 3 vectors but 2"):
        read_vectors(VECTORS, 3)


def test_vectors_of_tokens_are_not_taken_for_those_of_texts() -> None:
    with pytest.raises(UnexpectedAnswerError, match="a vector for each token"):
        read_vectors([[[[0.1, 0.2], [0.3, 0.4]]]][0], 1)


@pytest.mark.parametrize(
    "answer",
    [
        [{"index": 1, "score": 0.9}, {"index": 0, "score": 0.1}],
        {
            "results": [
                {"index": 0, "document": {"text": "a"}, "relevance_score": 0.1},
                {"index": 1, "document": {"text": "b"}, "relevance_score": 0.9},
            ]
        },
        [0.1, 0.9],
    ],
    ids=["TEI", "vLLM", "the ready handlers"],
)
def test_texts_are_ranked_with_the_best_first(answer: Any) -> None:
    best = Ranked(index=1, score=0.9, text="b")

    assert read_ranking(answer, ["a", "b"]) == [best, Ranked(index=0, score=0.1, text="a")]


@pytest.mark.parametrize(
    "answer",
    [[0.1], [0.1, 0.2, 0.3], [{"index": 5, "score": 0.1}], [{"index": 0}], {}, [["a"]], []],
    ids=repr,
)
def test_what_does_not_score_each_text_once_is_no_ranking(answer: Any) -> None:
    with pytest.raises(UnexpectedAnswerError):
        read_ranking(answer, ["a", "b"])


@pytest.mark.parametrize("read", [read_vectors, lambda value, _: read_ranking(value, ["a"])])
def test_an_error_instead_of_numbers_is_told(read: Any) -> None:
    with pytest.raises(ModelFailedError, match="out of memory"):
        read({"error": "out of memory", "code": 424}, 1)
