"""CodeBuild's API.

Source: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .cloud import Cloud, Waits, arn
from .failures import RequestError
from .launcher import Launcher
from .preparation import Machine
from .projects import Projects
from .record import Data

_PAGE = 100

Request = Mapping[str, Any]


class CodeBuild:
    """Projects and builds.

    Args:
        cloud: The emulator.
        machine: Where builds run.
        slots: How many builds run at once in an account and Region; the others wait.
        waits: Shortens time-outs.
        shortest: Seconds that a build may always wait and run, however much time-outs are
            shortened.
    """

    def __init__(
        self, cloud: Cloud, machine: Machine, slots: int, waits: Waits, shortest: float
    ) -> None:
        self._cloud = cloud
        self._launcher = Launcher(cloud, machine, slots, waits, shortest)
        self.projects = Projects(cloud.store())

    def call(self, operation: str, request: Request) -> Data:
        """Answer a request.

        Args:
            operation: For example ``StartBuild``.
            request: What is asked, checked already.

        Raises:
            RequestError: It is refused.
        """
        launcher, projects = self._launcher, self.projects
        known: dict[str, Callable[[Request], Data]] = {
            "CreateProject": lambda told: {"project": self.create_project(told)},
            "UpdateProject": lambda told: {"project": projects.update(told)},
            "DeleteProject": self._delete_project,
            "ListProjects": lambda _: {"projects": projects.names()},
            "BatchGetProjects": lambda told: projects.find(told["names"]),
            "StartBuild": self._start,
            "StopBuild": lambda told: {"build": launcher.stop(told["id"])},
            "BatchGetBuilds": lambda told: launcher.find(told["ids"]),
            "BatchDeleteBuilds": lambda told: launcher.delete(told["ids"]),
            "ListBuilds": lambda told: _page(launcher.builds(), told),
            "ListBuildsForProject": self._list_for_project,
        }
        if operation not in known:
            raise RequestError(
                "UnknownOperationException", f"the local CodeBuild can't do {operation}"
            )
        return known[operation](request)

    def create_project(self, request: Request) -> Data:
        """Make a project, as CreateProject does.

        Args:
            request: The call.

        Raises:
            RequestError: There is one of this name.
        """
        its_arn = arn(self._cloud, "project", request["name"])
        return self.projects.create(request, its_arn, self._default_key())

    def replace_project(self, request: Request) -> Data:
        """Make a project what it would be, had it been created by this call.

        Args:
            request: A CreateProject call with its name.

        Raises:
            RequestError: There is no such project.
        """
        return self.projects.replace(request, self._default_key())

    def close(self) -> None:
        """Stop all builds of all accounts, and wait until they have ended."""
        self._launcher.close()

    def _start(self, request: Request) -> Data:
        project = self.projects.get(request["projectName"])
        return {"build": self._launcher.start(project, request)}

    def _delete_project(self, request: Request) -> Data:
        self.projects.delete(request["name"])
        return {}

    def _list_for_project(self, request: Request) -> Data:
        name = self.projects.get(request["projectName"])["name"]
        return _page(self._launcher.builds(name), request)

    def _default_key(self) -> str:
        return f"arn:aws:kms:{self._cloud.region()}:{self._cloud.account()}:alias/aws/s3"


def _page(builds: Sequence[Data], request: Request) -> Data:
    ids = [build["id"] for build in builds]
    ordered = ids if request.get("sortOrder") == "ASCENDING" else ids[::-1]
    start = int(request.get("nextToken", 0))
    more = {"nextToken": str(start + _PAGE)} if len(ordered) > start + _PAGE else {}
    return {"ids": ordered[start : start + _PAGE], **more}
