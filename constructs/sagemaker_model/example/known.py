"""Examples for endpoints whose users have written none."""

from __future__ import annotations

import json

from sagemaker_model.example.example import Example
from sagemaker_model.smoke_test.known_requests import requests_of


def known_examples(engine: str) -> tuple[Example, ...]:
    """Return what the smoke test of an engine asks: of each kind of model, one is understood.

    Args:
        engine: Name of the engine.
    """
    return tuple(
        Example("known request", json.dumps(request).encode()) for request in requests_of(engine)
    )
