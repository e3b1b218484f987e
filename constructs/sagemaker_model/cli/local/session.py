"""What a verb works with: the local AWS that is up, its clients, and the app."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from sagemaker_model.local.assembly import assembly_of, stacks_in
from sagemaker_model.local.build_logs import Build, builds
from sagemaker_model.local.cdk_app import CdkApp
from sagemaker_model.local.clients import Clients
from sagemaker_model.local.endpoints import Endpoint, endpoints
from sagemaker_model.local.lifecycle import running


class Session:
    """A local AWS that is up.

    Args:
        state: Folder of all that it keeps.

    Raises:
        RuntimeError: None is up.
    """

    def __init__(self, state: Path) -> None:
        self.record = running(state)
        self.clients = Clients(self.record)

    @cached_property
    def app(self) -> CdkApp:
        """The app of this folder."""
        return CdkApp.find(Path.cwd(), self.record)

    def regions(self) -> list[str]:
        """Return the Regions that the app has stacks in, the local AWS's own first."""
        own = self.record.region
        stacks = stacks_in(assembly_of(self.record.state), own)
        return [*dict.fromkeys([own, *(stack.region for stack in stacks)])]

    def endpoints(self) -> list[Endpoint]:
        """Return all endpoints."""
        return endpoints(self.clients, self.regions())

    def builds(self) -> list[Build]:
        """Return all builds, the newest first."""
        return builds(self.clients, self.regions())
