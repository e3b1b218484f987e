"""Names of stacks that CloudFormation takes."""

from __future__ import annotations

import re

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9]+")
_LONGEST = 128


def stack_name_of(text: str) -> str:
    """Return a stack's name made of any text: letters, digits and hyphens, a letter first.

    Args:
        text: Such as the last part of a model's id.

    >>> stack_name_of("Qwen2.5-7B-Instruct"), stack_name_of("3b"), stack_name_of("_")
    ('Qwen2-5-7B-Instruct', 'Model-3b', 'Model')
    """
    name = _NOT_IN_NAMES.sub("-", text).strip("-")
    named = name if name[:1].isalpha() else f"Model-{name}"
    return named[:_LONGEST].strip("-")
