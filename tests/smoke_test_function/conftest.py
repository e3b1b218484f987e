from collections.abc import Iterator

import pytest

from smoke_test_function.world import World


@pytest.fixture
def world() -> Iterator[World]:
    """An endpoint that answers, in a stack, at a time that stands still."""
    made = World()
    yield made
    made.close()
