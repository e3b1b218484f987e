"""Tables of a page, as HTML in which every text is text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from operator import mul

from sagemaker_model.runtime import Ranked


def similarity(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the cosine of the angle between two vectors; 0 where one has no length.

    >>> similarity([1, 0], [2, 0]), similarity([1, 0], [0, 1])
    (1.0, 0.0)
    """
    lengths = math.hypot(*one) * math.hypot(*other)
    return sum(map(mul, one, other)) / lengths if lengths else 0.0


def similarity_table(texts: Sequence[str], vectors: Sequence[Sequence[float]]) -> str:
    """Return how similar each text is to each.

    Args:
        texts: The texts.
        vectors: The vector of each.
    """
    places = range(1, len(texts) + 1)
    numbers = "".join(f'<th scope="col" class="number">{place}</th>' for place in places)
    rows = [
        f'<tr><th scope="row"><b>{place}</b> {escape(text)}</th>'
        + "".join(_shaded(similarity(vector, other)) for other in vectors)
        + "</tr>"
        for place, (text, vector) in enumerate(zip(texts, vectors, strict=True), 1)
    ]
    return _table(f'<th scope="col">text</th>{numbers}', rows, "similarity of each text to each")


def ranking_table(ranked: Sequence[Ranked]) -> str:
    """Return the texts with their scores, the best one first.

    Args:
        ranked: The texts.
    """
    rows = [
        f'<tr><td class="number">{place}</td><td class="number">{each.score:.4g}</td>'
        f'<th scope="row">{escape(each.text)}</th></tr>'
        for place, each in enumerate(ranked, 1)
    ]
    head = "".join(f'<th scope="col">{name}</th>' for name in ("place", "score", "text"))
    return _table(head, rows, "texts by how well they answer the query")


def _table(head: str, rows: Sequence[str], caption: str) -> str:
    return (
        f'<div class="wide"><table><caption>{caption}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _shaded(value: float) -> str:
    share = f"{max(value, 0.0):.2f}"
    return f'<td class="number shaded" style="--share: {share}">{value:.2f}</td>'
