"""Where the provider framework of aws-cdk-lib enters."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from botocore import exceptions

from .answers import NOT_YET, Answer, passes
from .manifest import Manifest
from .request import MANIFEST, STORE, Request
from .stack import rolls_back
from .store import Store
from .weights import Weights

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)
_LONGEST_CALL = 8 * 60
"""Seconds; a longer deletion goes on in the next call."""


def on_event(event: Mapping[str, Any], _context: object = None) -> dict[str, Any]:
    """Name the resource, and do nothing that could fail: a failure here would hide its deletion."""
    request = Request.of(event)
    log.info("%s %s %s", request.kind, request.resource_type, request.own_id)
    return begin(request, time.time())


def is_complete(event: Mapping[str, Any], _context: object = None) -> Answer:
    """Say whether it is done; called again every half minute until it is."""
    import boto3

    answer = respond(
        Request.of(event),
        s3=boto3.client("s3"),
        codebuild=boto3.client("codebuild"),
        cloudformation=boto3.client("cloudformation"),
        now=time.time,
    )
    log.info("%s", answer)
    return answer


def begin(request: Request, now: float) -> dict[str, str]:
    """Return what a request is known by from here on.

    Args:
        request: What CloudFormation asks.
        now: Seconds since 1970.
    """
    return {"PhysicalResourceId": request.own_id, "StartedAt": str(now)}


def respond(
    request: Request, *, s3: Any, codebuild: Any, cloudformation: Any, now: Callable[[], float]
) -> Answer:
    """Answer a request; what AWS is too busy for is left to the next call.

    Args:
        request: What CloudFormation asks.
        s3: boto3's S3 client.
        codebuild: boto3's CodeBuild client.
        cloudformation: boto3's CloudFormation client.
        now: Tells seconds since 1970.

    Raises:
        StagingError: It can't be done.
        ClientError: AWS refuses it for good.
    """
    try:
        return _respond(request, s3, codebuild, cloudformation, now)
    except (exceptions.ConnectionError, exceptions.HTTPClientError) as error:
        log.info("asked again soon: %s", error)
    except exceptions.ClientError as error:
        if not passes(error):
            raise
        log.info("asked again soon: %s", error)
    return NOT_YET


def _respond(
    request: Request, s3: Any, codebuild: Any, cloudformation: Any, now: Callable[[], float]
) -> Answer:
    began = now()

    def time_up() -> bool:
        return now() - began > _LONGEST_CALL

    if request.resource_type == STORE:
        return Store(s3, time_up=time_up).is_complete(request)
    if request.resource_type == MANIFEST:
        return Manifest(s3).is_complete(request)
    undone = partial(rolls_back, cloudformation, request.stack_id)
    weights = Weights(s3, codebuild, rolls_back=undone, now=now, time_up=time_up)
    return weights.is_complete(request)
