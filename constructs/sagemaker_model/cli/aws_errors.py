"""What boto3 raises where AWS does not answer, or refuses."""

from __future__ import annotations

import sys

_CREDENTIALS = (
    "log in (aws sso login, or aws configure), name a profile (--profile), or ask the local AWS "
    "(--local)"
)
_FIXES = {
    "NoCredentialsError": _CREDENTIALS,
    "PartialCredentialsError": _CREDENTIALS,
    "NoRegionError": "give --region, or set AWS_DEFAULT_REGION",
    "ProfileNotFound": "aws configure list-profiles tells those there are",
    "HTTPClientError": "see that the network, or the local AWS, is up and the Region exists",
    "ConnectionError": "see that the network, or the local AWS, is up and the Region exists",
}
"""By the names of botocore's exceptions."""


def told_by_aws(error: Exception) -> str | None:
    """Return what to tell of an error that boto3 raised; None where it is none of boto3's.

    Args:
        error: The error.
    """
    # Where it was never imported, it raised nothing.
    botocore = sys.modules.get("botocore.exceptions")
    if botocore is None:
        return None
    if isinstance(error, botocore.ClientError):
        return f"AWS refused: {error}"
    if not isinstance(error, botocore.BotoCoreError):
        return None
    names = [kind.__name__ for kind in type(error).__mro__]
    fix = next((_FIXES[name] for name in names if name in _FIXES), None)
    return f"AWS can't be asked: {error}{f'; {fix}' if fix else ''}"
