"""A fake AWS and a fake container that each test has to itself, and the client of an endpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from runtime.fake_aws import ENDPOINT, FakeAws, fake_aws
from runtime.fake_container import FakeContainer, fake_container
from sagemaker_model.runtime import Endpoint

MakeEndpoint = Callable[..., Endpoint]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAws]:
    with fake_aws() as aws:
        monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "123456789012")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        yield aws


@pytest.fixture
def container() -> Iterator[FakeContainer]:
    """A container that each test has to itself."""
    with fake_container() as container:
        yield container


@pytest.fixture
def endpoint(aws: FakeAws) -> MakeEndpoint:
    """A function that makes the client of the only endpoint."""
    del aws

    def make(engine: str | None = None, **options: object) -> Endpoint:
        return Endpoint(ENDPOINT, engine=engine, **options)  # type: ignore[arg-type]

    return make
