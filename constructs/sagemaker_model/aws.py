"""Which AWS is asked: what all that asks AWS at run time has in common."""

from __future__ import annotations

from typing import Any, Protocol


class Aws(Protocol):
    """Makes clients of boto3."""

    def client(self, service: str, region: str | None = None, *, config: Any = None) -> Any:
        """Return a client of a service.

        Args:
            service: Its name in boto3.
            region: The Region. Default: the one that was chosen.
            config: Time-outs and retries, a ``Config`` of botocore. Default: boto3's own.
        """
        ...


class RealAws:
    """AWS, with the credentials that boto3 finds.

    Args:
        region: The Region. Default: that of the profile.
        profile: The profile. Default: boto3's own choice.

    Raises:
        ModuleNotFoundError: boto3 is not installed.
    """

    def __init__(self, region: str | None = None, profile: str | None = None) -> None:
        import boto3

        self._session = boto3.Session(region_name=region, profile_name=profile)

    def client(self, service: str, region: str | None = None, *, config: Any = None) -> Any:
        """Return a client of a service; see :class:`Aws`."""
        # The types know each service by a literal of its own.
        make: Any = self._session.client
        return make(service, region_name=region, config=config)
