"""How glad a text is, by its words: stands for the model that you will load here."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Words:
    """How glad each word is, from -1 to 1.

    Args:
        weights: Them, in lower case; any other word counts nothing.
    """

    weights: dict[str, float]

    def judge(self, text: str) -> dict[str, object]:
        """Return a label and how sure it is, as a text classifier does.

        Args:
            text: The text.
        """
        found = [self.weights.get(word, 0.0) for word in re.findall(r"\w+", text.lower())]
        score = sum(found) / max(1, sum(map(bool, found)))
        return {"label": "GLAD" if score >= 0 else "SAD", "score": abs(score)}


def read_words(path: Path) -> Words:
    """Read the words of a file.

    Args:
        path: JSON: a number for each word.
    """
    return Words(json.loads(path.read_text(encoding="utf-8")))
