"""A Hub on this machine, and what asks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sagemaker_model.hub.client import HubClient
from sagemaker_model.hub.retry import Retry
from sagemaker_model.local.hub.control import Control
from sagemaker_model.local.hub.repositories import Repositories
from sagemaker_model.local.hub.server import Hub

MakeClient = Callable[..., HubClient]


@pytest.fixture(scope="session")
def _hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    server = Hub(tmp_path_factory.mktemp("hub"))
    server.serve_in_background()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def hub(_hub: Hub, tmp_path: Path) -> Hub:
    """A Hub without models and faults."""
    _hub.repositories = Repositories(tmp_path / "hub")
    _hub.control = Control()
    _hub.requests.clear()
    return _hub


@pytest.fixture
def pauses() -> list[float]:
    """The pauses that a client made between its attempts, none of which took time."""
    return []


@pytest.fixture
def make_client(
    hub: Hub, pauses: list[float], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> MakeClient:
    """Return a function that makes a client of the Hub; without a token unless one is given."""

    def make(
        *,
        token: str | None = None,
        endpoint: str | None = None,
        timeout: float = 10,
        offline: bool = False,
    ) -> HubClient:
        monkeypatch.delenv("HF_TOKEN", raising=False)
        monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", str(tmp_path / "no token"))
        if token:
            monkeypatch.setenv("HF_TOKEN", token)
        retry = Retry(attempts=3, sleep=pauses.append)
        return HubClient(
            endpoint=endpoint or hub.url, offline=offline, timeout=timeout, retry=retry
        )

    return make
