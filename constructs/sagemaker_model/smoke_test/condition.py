"""JMESPath expressions on answers."""

from __future__ import annotations


def check_expression(name: str, expression: str) -> None:
    """Raise ``ValueError`` for what is no JMESPath expression, where boto3's parser is here.

    Args:
        name: What the user calls it.
        expression: The expression.
    """
    try:
        import jmespath
        from jmespath.exceptions import JMESPathError
    except ImportError:
        return
    try:
        jmespath.compile(expression)
    except JMESPathError as error:
        raise ValueError(
            f"{name} must be a JMESPath expression, got {expression!r}: {error}; numbers "
            "stand in backticks: length(@[0]) == `384`"
        ) from None
