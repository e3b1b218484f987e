"""The Region that the tables are asked for."""

from __future__ import annotations

from sagemaker_model.tokens import is_token


def known_region(stack_region: str, given: str | None) -> str | None:
    """Return the Region as text, or None where only CloudFormation knows it.

    Args:
        stack_region: The stack's Region, a token in a Region-agnostic stack.
        given: What the user said; a token says nothing.

    Raises:
        ValueError: The stack has a Region, and *given* is another.
    """
    wanted = None if given is None or is_token(given) else given
    if is_token(stack_region):
        return wanted
    if wanted not in {None, stack_region}:
        raise ValueError(
            f"region is {wanted!r}, but the stack is deployed to {stack_region!r}; leave region "
            "out, or put the model into a stack of that Region"
        )
    return stack_region
