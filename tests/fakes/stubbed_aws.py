"""AWS that knows the answers it was told, through botocore's own stubs."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.stub import Stubber


class Stubbed:
    """AWS that knows some answers, and checks that they are what the service can answer."""

    def __init__(self) -> None:
        self._clients: dict[str, Any] = {}
        self._stubs: dict[str, Stubber] = {}

    def client(self, service: str, region: str | None = None, *, config: Any = None) -> Any:
        if service not in self._clients:
            make: Any = boto3.client
            self._clients[service] = make(
                service,
                region_name=region or "us-east-1",
                config=config,
                aws_access_key_id="test",
                aws_secret_access_key="test",
            )
            self._stubs[service] = Stubber(self._clients[service])
            self._stubs[service].activate()
        return self._clients[service]

    def answers(self, service: str, method: str, answer: dict[str, Any]) -> None:
        self.client(service)
        self._stubs[service].add_response(method, answer)

    def refuses(self, service: str, method: str, code: str = "ValidationError") -> None:
        self.client(service)
        self._stubs[service].add_client_error(method, code)

    def all_asked(self) -> None:
        for stub in self._stubs.values():
            stub.assert_no_pending_responses()
