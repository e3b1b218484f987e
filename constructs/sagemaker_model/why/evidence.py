"""What was said about a failed deployment, and by whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple


class Said(NamedTuple):
    """One thing that was said.

    Args:
        by: Who said it: CloudFormation and a resource, SageMaker, a container, or a build.
        text: What was said.
    """

    by: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that was said about one failure.

    Args:
        failed: What CloudFormation says failed first, before all that it took down with it.
        endpoint: Why SageMaker says the endpoint failed.
        container: The last lines of the containers' logs, the oldest first.
        build: The last lines of the build's log, the oldest first.
        unread: What could not be read, and why.
    """

    failed: tuple[Said, ...] = ()
    endpoint: tuple[Said, ...] = ()
    container: tuple[Said, ...] = ()
    build: tuple[Said, ...] = ()
    unread: tuple[str, ...] = ()

    def said(self) -> Iterator[Said]:
        """Return everything, what is nearest to the cause first.

        What happened inside the container or the build is told there in its own words; SageMaker
        and CloudFormation tell what came of it. Of a log, the first mistake counts.
        """
        yield from self.build
        yield from self.container
        yield from self.endpoint
        yield from self.failed

    @property
    def failure(self) -> bool:
        """Whether CloudFormation or SageMaker says that something failed."""
        return bool(self.failed or self.endpoint)
