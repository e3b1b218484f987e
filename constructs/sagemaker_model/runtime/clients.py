"""The clients of boto3 that an endpoint is asked with."""

from __future__ import annotations

import threading
from typing import Any

_CONNECT_TIMEOUT = 10.0
# boto3 keeps ten connections; above that each request opens one of its own, and says so in the log.
_CONNECTIONS = 50

MAKING = threading.Lock()
"""Held while a client is made: clients may be shared by threads, sessions that make them not.

Source: boto3's guides "Clients" and "Session", on multithreading.
"""


def make_client(
    service: str, *, session: Any, region: str | None, timeout: float, max_attempts: int
) -> Any:
    """Return a client of a service.

    Args:
        service: Its name in boto3.
        session: A session of boto3; None for boto3's default one.
        region: Its Region; None for the session's.
        timeout: Longest silence of the service, in seconds.
        max_attempts: How often a request is sent at most.

    Raises:
        ModuleNotFoundError: boto3 is not installed.
        EndpointError: No Region is told.
    """
    try:
        import boto3
        from botocore.config import Config
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"the client needs {error.name}, which is not installed; "
            "pip install 'cdk-sagemaker-model[client]'",
            name=error.name,
        ) from error
    # The types know each service by a literal of its own.
    make: Any = (session or boto3).client
    return make(
        service,
        region,
        config=Config(
            connect_timeout=min(_CONNECT_TIMEOUT, timeout),
            read_timeout=timeout,
            max_pool_connections=_CONNECTIONS,
            retries={"mode": "standard", "total_max_attempts": max_attempts},
            tcp_keepalive=True,
        ),
    )
