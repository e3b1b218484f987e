"""The clients that speak to S3 and the Hub, as the environment wants them."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config


def s3_client(
    environment: Mapping[str, str], *, connections: int, attempts: int, stall: float
) -> Any:
    """Return boto3's client.

    Args:
        environment: The usual AWS variables; with an endpoint of its own, buckets are in the path.
        connections: Requests at a time.
        attempts: How often one request is tried.
        stall: Seconds without a byte after which a connection counts as dead.
    """
    elsewhere = environment.get("AWS_ENDPOINT_URL_S3") or environment.get("AWS_ENDPOINT_URL")
    config = Config(
        retries={"mode": "standard", "max_attempts": attempts},
        max_pool_connections=connections * 2,
        connect_timeout=stall,
        read_timeout=max(60, stall),
        # Every part carries its checksum, which is signed: hashing it once more adds nothing.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={
            "payload_signing_enabled": False,
            "addressing_style": "path" if elsewhere else "auto",
        },
    )
    region = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION")
    return boto3.client("s3", region_name=region, config=config)


def trusted(environment: Mapping[str, str]) -> ssl.SSLContext:
    """Return what connections to the Hub trust: the machine's authorities, and those of a file."""
    context = ssl.create_default_context()
    bundle = environment.get("CA_BUNDLE") or environment.get("REQUESTS_CA_BUNDLE")
    if bundle:
        context.load_verify_locations(bundle)
    return context
