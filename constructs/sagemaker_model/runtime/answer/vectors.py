"""Embeddings: a list of vectors, or OpenAI's list of objects."""

from __future__ import annotations

from typing import Any

from sagemaker_model.runtime.answer.failure import failure, said_in
from sagemaker_model.runtime.answer.generated import unexpected
from sagemaker_model.runtime.errors import UnexpectedAnswerError


def read_vectors(value: Any, count: int) -> list[list[float]]:
    """Return the vectors of an answer, in the order of the texts.

    Args:
        value: The answer, decoded from JSON.
        count: How many texts there were.

    Raises:
        EndpointError: It says that the engine failed.
        UnexpectedAnswerError: It has not one vector for each text.
    """
    said = said_in(value)
    if said is not None:
        raise failure(said)
    vectors = _vectors(value)
    if any(isinstance(each, list) for vector in vectors for each in vector[:1]):
        raise UnexpectedAnswerError(
            "the model gives a vector for each token, not one for each text; deploy it with the "
            "ready handler for embeddings, or with TEI"
        )
    if len(vectors) != count:
        raise unexpected(value, f"{count} vectors but {len(vectors)}")
    return vectors


def _vectors(value: Any) -> list[list[Any]]:
    match value:
        case {"data": [{"embedding": [*_]}, *_] as rows}:
            ordered = sorted(rows, key=lambda row: int(row.get("index", 0)))
            return [row["embedding"] for row in ordered]
        case [int() | float(), *_]:
            return [[*value]]
        case [[*_], *_]:
            return [*value]
    raise unexpected(value, "embeddings")
