"""Which AWS a verb asks: that of the user's credentials, or the local one of this folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Protocol

import typer

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


class Aws(Protocol):
    """Makes clients of boto3."""

    def client(self, service: str, region: str | None = None) -> Any:
        """Return a client of a service.

        Args:
            service: Its name in boto3.
            region: The Region. Default: the one that was chosen.
        """
        ...


class RealAws:
    """AWS, with the credentials that boto3 finds.

    Args:
        region: The Region. Default: that of the profile.
        profile: The profile. Default: boto3's own choice.
    """

    def __init__(self, region: str | None = None, profile: str | None = None) -> None:
        import boto3

        self._session = boto3.Session(region_name=region, profile_name=profile)

    def client(self, service: str, region: str | None = None) -> Any:
        """Return a client of a service; see :class:`Aws`."""
        # The types know each service by a literal of its own.
        make: Any = self._session.client
        return make(service, region_name=region)


def choose_aws(*, local: bool, region: str | None = None, profile: str | None = None) -> Aws:
    """Return the AWS that is to be asked.

    Args:
        local: Whether it is the local one.
        region: The Region. Default: that of the profile, or of the local AWS.
        profile: The profile. Default: boto3's own choice.

    Raises:
        RuntimeError: No local AWS is up, or a package is missing.
    """
    try:
        if not local:
            return RealAws(region, profile)
        from sagemaker_model.local.clients import Clients
        from sagemaker_model.local.lifecycle import running
    except ModuleNotFoundError as error:
        extra = "local" if local else "cli"
        raise RuntimeError(
            f"{error.name} is not installed; pip install 'cdk-sagemaker-model[{extra}]'"
        ) from error
    return Clients(running(LOCAL_STATE))
