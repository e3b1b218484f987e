"""AWS on this machine, anew for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from moto import mock_aws

from staging_handler.aws import S3, Aws, Clock


@pytest.fixture
def aws() -> Iterator[Aws]:
    """An empty bucket, a project without builds, a clock that stands still."""
    with mock_aws():
        world = Aws(S3(), Clock())
        yield world
        world.close()
