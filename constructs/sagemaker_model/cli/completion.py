"""Names of endpoints for a shell that completes them."""

from __future__ import annotations

import typer

_SECONDS = 1.5
"""How long AWS may take: nobody waits for a completion."""


def complete_endpoint(context: typer.Context, incomplete: str) -> list[str]:
    """Return the endpoints whose names begin with what was typed; none where AWS doesn't tell.

    Args:
        context: What stands on the line so far.
        incomplete: What was typed of the name.
    """
    try:
        return _names(context, incomplete)
    except Exception:  # whatever it is, it must not stand in the user's line
        return []


def _names(context: typer.Context, incomplete: str) -> list[str]:
    from botocore.config import Config

    from sagemaker_model.cli.aws import choose_aws

    given = context.params
    aws = choose_aws(
        local=bool(given.get("local")), region=given.get("region"), profile=given.get("profile")
    )
    patience = Config(
        connect_timeout=_SECONDS, read_timeout=_SECONDS, retries={"total_max_attempts": 1}
    )
    told = aws.client("sagemaker", config=patience).list_endpoints(
        SortBy="CreationTime", SortOrder="Descending"
    )
    names = [each["EndpointName"] for each in told["Endpoints"]]
    return [name for name in names if name.startswith(incomplete)]
