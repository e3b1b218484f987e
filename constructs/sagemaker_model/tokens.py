"""Tell values that are known at synth from CDK tokens, without asking jsii."""

from __future__ import annotations

_TOKEN_MARKER = "${Token["  # noqa: S105 - how CDK writes a token into a string, not a secret


def is_token(value: object) -> bool:
    """Say whether *value* is, or holds, something that only CloudFormation will know.

    CDK writes a token into a string as ``${Token[...]}``, so a look at the text answers what
    ``Token.is_unresolved`` answers through a round trip to Node.js. What is no text (an
    ``IResolvable``) counts as a token.

    >>> is_token("ml.g5.2xlarge"), is_token("${Token[TypeRef.12]}-x"), is_token(None)
    (False, True, False)
    """
    if value is None:
        return False
    return not isinstance(value, str) or _TOKEN_MARKER in value
