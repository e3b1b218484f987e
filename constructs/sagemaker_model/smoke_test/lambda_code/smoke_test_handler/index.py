"""Where Lambda enters: asked by CloudFormation, or by the clock."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from .asynchronous import Asynchronous
from .outcome import Kind, Outcome
from .probe import probe
from .real_time import RealTime
from .reply import response, send
from .smoke_test import SmokeTest
from .stack import may_roll_back
from .trial import ask_patiently

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)
_LONGEST_ANSWER = 65
"""Seconds; a real-time model must answer within 60 (InvokeEndpoint)."""


@dataclass(frozen=True)
class Aws:
    """boto3's clients and a clock.

    Args:
        client: Makes a client by its service's name.
        now: Tells seconds.
        sleep: Waits for seconds.
    """

    client: Callable[[str], Any]
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep


def handler(event: Mapping[str, Any], _context: object = None) -> None:
    """Answer a request of CloudFormation, or probe an endpoint."""
    aws = Aws(_client)
    if "RequestType" not in event:
        probe(event, aws.client, aws.now)
        return
    told = response(event, failure_of(event, aws))
    log.info("%s", told)
    send(event["ResponseURL"], told)


def failure_of(event: Mapping[str, Any], aws: Aws) -> str | None:
    """Return why a deployment must fail; None where it need not.

    Args:
        event: CloudFormation's request.
        aws: The clients.
    """
    if event["RequestType"] == "Delete":
        return None
    failure = _test(event["ResourceProperties"], aws)
    # What is created anew is deleted, and not updated, when the stack is rolled back.
    undone = failure and event["RequestType"] == "Update"
    if undone and may_roll_back(aws.client("cloudformation"), event["StackId"]):
        log.warning("the stack is being rolled back, so this fails nothing: %s", failure)
        return None
    return failure


def _test(told: Mapping[str, str], aws: Aws) -> str | None:
    test = SmokeTest.of(told["Test"])
    try:
        target = _target(told, test, aws)
        outcome = ask_patiently(test, target.ask, now=aws.now, sleep=aws.sleep)
    except Exception as error:
        log.exception("the smoke test itself failed")
        outcome = Outcome(Kind.UNREACHABLE, f"{type(error).__name__}: {error}")
    return None if test.passes(outcome) else _explain(told, test, outcome)


def _target(told: Mapping[str, str], test: SmokeTest, aws: Aws) -> RealTime | Asynchronous:
    runtime, endpoint = aws.client("sagemaker-runtime"), told["EndpointName"]
    if "InputFolder" not in told:
        return RealTime(runtime, endpoint, told.get("ComponentName", ""), test)
    return Asynchronous(
        runtime,
        aws.client("s3"),
        aws.client("sagemaker"),
        endpoint,
        told["InputFolder"],
        test,
        aws.now,
        aws.sleep,
    )


def _explain(told: Mapping[str, str], test: SmokeTest, outcome: Outcome) -> str:
    endpoint, component = told["EndpointName"], told.get("ComponentName")
    log_group = f"InferenceComponents/{component}" if component else f"Endpoints/{endpoint}"
    asked = test.requests[0].body[:200].decode(errors="replace")
    return (
        f"endpoint {endpoint} is in service, but does not answer as expected: {outcome}; asked "
        f"{asked}, expected {test.expected}; the container's log is /aws/sagemaker/{log_group}; "
        "smoke_test=SmokeTest(...) of the model asks something else, smoke_test=None nothing"
    )


@cache
def _client(service: str) -> Any:
    import boto3
    from botocore.config import Config

    patient = Config(retries={"mode": "standard", "total_max_attempts": 5})
    once = Config(read_timeout=_LONGEST_ANSWER, retries={"total_max_attempts": 1})
    # Its types know each service by a literal of its own.
    make: Any = boto3.client
    return make(service, config=once if service == "sagemaker-runtime" else patient)
