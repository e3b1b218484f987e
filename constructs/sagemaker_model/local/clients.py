"""Clients of a local AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sagemaker_model.local.record import Record
from sagemaker_model.local.variables import SECRET, must_be_loopback

if TYPE_CHECKING:
    from botocore.config import Config


class Clients:
    """Makes clients of a local AWS, whatever the variables and profiles of this machine say.

    Args:
        record: The local AWS.

    Raises:
        ValueError: Its URL is not one of this machine.
    """

    def __init__(self, record: Record) -> None:
        must_be_loopback(record.endpoint)
        self._record = record
        self._made: dict[tuple[str, str], Any] = {}

    def client(self, service: str, region: str | None = None, *, config: Any = None) -> Any:
        """Return a client of a service.

        Args:
            service: Its name in boto3.
            region: The Region. Default: that of the local AWS.
            config: Time-outs and retries, a ``Config`` of botocore. Default: one repetition.
        """
        from botocore.config import Config

        region = region or self._record.region
        if config is not None:
            return self._make(service, region, config)
        if (service, region) not in self._made:
            once_more = Config(retries={"total_max_attempts": 2})
            self._made[service, region] = self._make(service, region, once_more)
        return self._made[service, region]

    def _make(self, service: str, region: str, config: Config) -> Any:
        import boto3
        from botocore.config import Config

        # The types know each service by a literal of its own.
        make: Any = boto3.client
        return make(
            service,
            region_name=region,
            endpoint_url=self._record.endpoint,
            aws_access_key_id=self._record.account,
            aws_secret_access_key=SECRET,
            aws_session_token="",
            verify=str(self._record.certificate) if self._record.certificate else None,
            config=config.merge(Config(proxies={})),
        )
