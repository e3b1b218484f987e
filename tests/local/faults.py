"""Requests to a local AWS that fail, wait or are answered wrongly, on command."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from local.live import LocalAws
from sagemaker_model.local.emulator.faults import PATH

FOREVER = 1_000_000


class Faults:
    """The faults of a local AWS.

    Args:
        aws: The local AWS.
    """

    def __init__(self, aws: LocalAws) -> None:
        self._url = aws.record.endpoint + PATH

    def met(self) -> list[int]:
        """Return how many requests met each fault, in their order."""
        return [each["met"] for each in self._ask("GET")]

    def _ask(self, method: str, faults: list[dict[str, Any]] | None = None) -> Any:
        body = None if faults is None else json.dumps(faults).encode()
        request = urllib.request.Request(self._url, data=body, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            return json.loads(answer.read())


@contextmanager
def letting(aws: LocalAws, *faults: dict[str, Any]) -> Iterator[Faults]:
    """Let requests meet faults (see :mod:`sagemaker_model.local.emulator.faults`) in a block."""
    made = Faults(aws)
    made._ask("PUT", list(faults))
    try:
        yield made
    finally:
        made._ask("PUT", [])
