"""Which AWS a verb asks: that of the user's credentials, or the local one of this folder."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from sagemaker_model.aws import Aws, RealAws
from sagemaker_model.cli.packages import must_have_local

Local = Annotated[
    bool, typer.Option("--local", help="Ask the local AWS that is up in this folder.")
]
Region = Annotated[
    str | None, typer.Option("--region", help="Region. Default: that of your profile.")
]
Profile = Annotated[
    str | None, typer.Option("--profile", help="Profile of your AWS configuration.")
]

LOCAL_STATE = Path(".sagemaker-model") / "local"
"""Where the local AWS of a folder keeps what it has, beside cdk.json."""
STATE_VARIABLE = "SAGEMAKER_MODEL_LOCAL_STATE"
"""Variable that names another folder for it."""


def choose_aws(*, local: bool, region: str | None = None, profile: str | None = None) -> Aws:
    """Return the AWS that is to be asked.

    Args:
        local: Whether it is the local one.
        region: The Region. Default: that of the profile, or of the local AWS.
        profile: The profile. Default: boto3's own choice.

    Raises:
        RuntimeError: No local AWS is up, or its packages are missing.
    """
    if not local:
        return RealAws(region, profile)
    must_have_local()
    from sagemaker_model.local.clients import Clients
    from sagemaker_model.local.lifecycle import running

    record = running(Path(os.environ.get(STATE_VARIABLE) or LOCAL_STATE))
    return Clients(replace(record, region=region or record.region))
