"""What all tests of constructs share: strict apps, and helpers that fail with a useful text."""

from __future__ import annotations

from pathlib import Path

import pytest
from aws_cdk import App, Environment, Stack
from hypothesis import HealthCheck, settings

STRICT = {"@aws-cdk/core:validateAgainstDefaultRules": True}
VIRGINIA = Environment(account="123456789012", region="us-east-1")

# What deploys takes longest and begins first, so that at the end no core waits for one long file.
_TESTS = Path(__file__).parent
_FIRST = [_TESTS / name for name in ("local/scenarios", "local", "functional", "web", "gates")]

# How long an example takes is the machine's matter, which others may use too.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    turns = (turn for turn, folder in enumerate(_FIRST) if item.path.is_relative_to(folder))
    return next(turns, len(_FIRST))


@pytest.fixture
def app() -> App:
    """Return an app whose synthesis fails on whatever CloudFormation's schema refuses."""
    return App(context=STRICT)


@pytest.fixture
def stack(app: App) -> Stack:
    """Return a stack in a Region."""
    return Stack(app, "Stack", env=VIRGINIA)


@pytest.fixture
def agnostic(app: App) -> Stack:
    """Return a Region-agnostic stack."""
    return Stack(app, "Agnostic")
