"""What a token of the Hub looks like."""

from __future__ import annotations

import re

# Tokens of the Hub begin so (Hugging Face, "User access tokens").
_TOKEN = re.compile(r"(hf|api_org)_[A-Za-z0-9]{20,}")


def is_hub_token(text: str) -> bool:
    """Say whether a text looks like a token of the Hub, and so like no secret's name.

    Args:
        text: The text; white space around it is passed over.

    >>> is_hub_token("hf_" + "x" * 34), is_hub_token("hugging-face-token")
    (True, False)
    """
    return _TOKEN.fullmatch(text.strip()) is not None
