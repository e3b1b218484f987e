"""What CodeBuild needs around it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, Protocol

from .service_role import ServiceRole


class Cloud(Protocol):
    """The emulator below CodeBuild."""

    def account(self) -> str:
        """Return the account of this request."""
        ...

    def region(self) -> str:
        """Return the Region of this request."""
        ...

    def store(self) -> MutableMapping[str, Any]:
        """Return a mapping with other contents in each account and Region."""
        ...

    def in_background(self, work: Callable[[], None], name: str) -> threading.Thread:
        """Run something on a thread of its own, in this request's account and Region.

        Args:
            work: What to run.
            name: What the thread is called.
        """
        ...

    def assume(self, build: Mapping[str, Any], session: str) -> ServiceRole:
        """Assume a build's role as CodeBuild, and see that it may do what nothing here does.

        Args:
            build: The build's record.
            session: Name of the session.

        Raises:
            PhaseError: CodeBuild may not assume it, or the role may not use the VPC.
        """
        ...


class Waits(Protocol):
    """How long AWS's waits last here."""

    def wait(self, seconds: float, at_least: float = 0.0) -> float:
        """Return the seconds that a wait of AWS lasts here.

        Args:
            seconds: How long it lasts on AWS.
            at_least: What it is never shorter than.
        """
        ...


def arn(cloud: Cloud, kind: str, name: str) -> str:
    """Return the ARN of a project or build of this request's account and Region.

    Args:
        cloud: Knows the account and Region.
        kind: ``project`` or ``build``.
        name: Its name or id.
    """
    return f"arn:aws:codebuild:{cloud.region()}:{cloud.account()}:{kind}/{name}"
