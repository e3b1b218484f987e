"""A CodeBuild without an emulator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.builds.cloud import Builder


@pytest.fixture
def builder(tmp_path: Path) -> Iterator[Builder]:
    made = Builder(tmp_path / "builds")
    yield made
    made.service.close()
