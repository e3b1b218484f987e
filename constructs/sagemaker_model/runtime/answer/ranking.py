"""Scores of texts: TEI's list, vLLM's results, or the bare numbers of a cross-encoder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sagemaker_model.runtime.answer.failure import failure, said_in
from sagemaker_model.runtime.answer.generated import unexpected


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """One text and how well it answers the query.

    Args:
        index: Its place among the texts that were given, from 0.
        score: The higher, the better; which range, the model decides.
        text: The text.
    """

    index: int
    score: float
    text: str


def read_ranking(value: Any, texts: Sequence[str]) -> list[Ranked]:
    """Return the texts, the best one first; equals in the order that they were given.

    Args:
        value: The answer, decoded from JSON.
        texts: The texts that were given.

    Raises:
        EndpointError: It says that the engine failed.
        UnexpectedAnswerError: It has not one score for each text.
    """
    said = said_in(value)
    if said is not None:
        raise failure(said)
    scores = _scores(value)
    if sorted(scores) != list(range(len(texts))):
        raise unexpected(value, f"{len(texts)} scores but {len(scores)}")
    ranked = [
        Ranked(index=index, score=scores[index], text=texts[index]) for index in sorted(scores)
    ]
    return sorted(ranked, key=lambda each: -each.score)


def _scores(value: Any) -> dict[int, float]:
    match value:
        case {"results": [*rows]} | [*rows] if rows and isinstance(rows[0], Mapping):
            return dict(map(_indexed, rows))
        case [int() | float(), *_]:
            return dict(enumerate(map(float, value)))
    raise unexpected(value, "scores")


def _indexed(row: Mapping[str, Any]) -> tuple[int, float]:
    match row:
        case {"index": int(index), "score": int() | float() as score}:
            return index, float(score)
        case {"index": int(index), "relevance_score": int() | float() as score}:
            return index, float(score)
    raise unexpected(row, "score")
