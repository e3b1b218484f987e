"""An AWS whose answers a test says; requests and answers must have the form that botocore knows."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.stub import Stubber


class StubbedAws:
    """Makes clients that answer what was said before, in that order, and nothing else."""

    def __init__(self) -> None:
        self._clients: dict[tuple[str, str], tuple[Any, Stubber]] = {}

    def let(
        self,
        service: str,
        call: str,
        answer: dict[str, Any] | str,
        *,
        region: str = "us-east-1",
        expected: dict[str, Any] | None = None,
    ) -> None:
        """Say what a call answers; text is the code of an error."""
        _, stubber = self._stubbed(service, region)
        if isinstance(answer, str):
            stubber.add_client_error(call, answer, "what AWS says", expected_params=expected)
        else:
            stubber.add_response(call, answer, expected)

    def client(self, service: str, region: str | None = None, *, config: Any = None) -> Any:
        """Return a client; see ``Aws``."""
        del config
        return self._stubbed(service, region or "us-east-1")[0]

    def all_was_asked(self) -> None:
        """Hold that every answer was asked for."""
        for _, stubber in self._clients.values():
            stubber.assert_no_pending_responses()

    def _stubbed(self, service: str, region: str) -> tuple[Any, Stubber]:
        key = (service, region)
        if key not in self._clients:
            make: Any = boto3.client
            client = make(
                service,
                region_name=region,
                aws_access_key_id="test",
                aws_secret_access_key="test",
            )
            stubber = Stubber(client)
            stubber.activate()
            self._clients[key] = (client, stubber)
        return self._clients[key]
