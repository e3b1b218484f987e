"""A model's card: what stands at the head of its README.

Source: "Model Cards", https://huggingface.co/docs/hub/model-cards.
"""

from __future__ import annotations

from itertools import takewhile
from typing import Any

Card = dict[str, str | list[str]]
_FENCE = "---"


def read_card(readme: str) -> Card:
    r"""Return the texts and lists of texts at the head of a README; the YAML beyond is passed over.

    Args:
        readme: The file's text.

    >>> read_card("---\nlicense: mit\ntags:\n- a\n- b\n---\n# Title\n")
    {'license': 'mit', 'tags': ['a', 'b']}
    """
    first, *lines = readme.splitlines() or [""]
    card: Card = {}
    key = ""
    for line in takewhile(lambda line: line != _FENCE, lines) if first == _FENCE else ():
        items = card.get(key)
        if line.lstrip().startswith("- ") and isinstance(items, list):
            items.append(line.lstrip()[2:].strip())
        elif ":" in line and not line.startswith((" ", "#")):
            key, _, value = (part.strip() for part in line.partition(":"))
            card[key] = value or []
    return card


def of_card(card: Card) -> dict[str, Any]:
    """Return what the API tells of a model out of its card.

    Args:
        card: The card.
    """
    licence = card.get("license")
    tags = [*card.get("tags", []), *([f"license:{licence}"] if licence else [])]
    told = {name: card.get(name) for name in ("pipeline_tag", "library_name")}
    return {"cardData": card, "tags": tags, **told}
