"""Ask an endpoint while it is updated, and count what fails."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from .outcome import Kind
from .real_time import RealTime
from .smoke_test import SmokeTest
from .trial import ask_once

log = logging.getLogger(__name__)
_REQUESTS = 20
_LONGEST = 40
"""Seconds, so that one minute's probes end before the next's begin."""
_FAILURES = frozenset({Kind.WRONG, Kind.REFUSED, Kind.BROKEN})


def probe(
    told: Mapping[str, str], client: Callable[[str], Any], now: Callable[[], float]
) -> int | None:
    """Ask several times, as a part of the traffic may reach the new fleet, and write the metric.

    It is written to the log in CloudWatch's embedded metric format, which takes no right. What is
    slow or overloaded is no failure: the old fleet may be so as well.

    Args:
        told: ``EndpointName``, ``ComponentName`` where there is one, ``Test``,
            ``Namespace``, ``Metric`` and ``Question``.
        client: Makes a client of boto3 by its service's name.
        now: Tells seconds.

    Returns:
        How many requests failed; None while the endpoint is not updated.
    """
    endpoint, component = told["EndpointName"], told.get("ComponentName", "")
    if _status(client("sagemaker"), endpoint, component) != "Updating":
        return None
    test = SmokeTest.of(told["Test"])
    ask = RealTime(client("sagemaker-runtime"), endpoint, component, test).ask
    until = now() + _LONGEST
    failures = 0
    for _ in range(_REQUESTS):
        outcome = ask_once(test, ask, until)
        if outcome.kind in _FAILURES and not test.passes(outcome):
            log.warning("%s", outcome)
            failures += 1
        if now() > until:
            break
    print(_metric(told, failures))  # noqa: T201 - what stands in the log by itself is the metric
    return failures


def _status(sagemaker: Any, endpoint: str, component: str) -> str:
    if component:
        described = sagemaker.describe_inference_component(InferenceComponentName=component)
        return str(described["InferenceComponentStatus"])
    return str(sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointStatus"])


def _metric(told: Mapping[str, str], failures: int) -> str:
    """Write a metric as CloudWatch reads it from logs ("Embedded metric format specification")."""
    metric = {"Name": told["Metric"], "Unit": "Count"}
    described = {
        "Namespace": told["Namespace"],
        "Dimensions": [["Question"]],
        "Metrics": [metric],
    }
    return json.dumps(
        {
            "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [described]},
            "Question": told["Question"],
            told["Metric"]: failures,
        }
    )
