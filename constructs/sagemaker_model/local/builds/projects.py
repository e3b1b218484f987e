"""CodeBuild's projects."""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping, MutableMapping
from typing import Any

from .failures import RequestError

Data = dict[str, Any]

_DEFAULTS: Mapping[str, Any] = {
    "description": "",
    "source": {"type": "NO_SOURCE"},
    "artifacts": {"type": "NO_ARTIFACTS"},
    "environment": {},
    "timeoutInMinutes": 60,
    "queuedTimeoutInMinutes": 480,
    "tags": [],
}
"""Defaults of https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html"""


class Projects:
    """The projects of each account and Region.

    Args:
        store: Holds them by name.
    """

    def __init__(self, store: MutableMapping[str, Data]) -> None:
        self._store = store

    def get(self, name: str) -> Data:
        """Return a project.

        Args:
            name: Its name, or its ARN.

        Raises:
            RequestError: There is none.
        """
        project = self._store.get(_name(name))
        if project is None:
            raise RequestError("ResourceNotFoundException", f"Project cannot be found: {name}")
        return copy.deepcopy(project)

    def create(self, request: Mapping[str, Any], arn: str, key: str) -> Data:
        """Make a project.

        Args:
            request: The CreateProject call.
            arn: Its ARN.
            key: The key that encrypts what builds leave, unless the call names one.

        Raises:
            RequestError: There is one of this name.
        """
        name = request["name"]
        if name in self._store:
            raise RequestError("ResourceAlreadyExistsException", f"Project already exists: {arn}")
        made = {"arn": arn, "created": time.time(), "encryptionKey": key}
        return self._put({**_DEFAULTS, **made, **request})

    def update(self, request: Mapping[str, Any]) -> Data:
        """Change what a call names; the rest stays.

        Args:
            request: The UpdateProject call.

        Raises:
            RequestError: There is no such project.
        """
        return self._put({**self.get(request["name"]), **request})

    def replace(self, request: Mapping[str, Any], key: str) -> Data:
        """Change a project to what a call names, and nothing else.

        Args:
            request: A CreateProject call with the project's name.
            key: The key that encrypts what builds leave, unless the call names one.

        Raises:
            RequestError: There is no such project.
        """
        old = self.get(request["name"])
        kept = {"arn": old["arn"], "created": old["created"], "encryptionKey": key}
        return self._put({**_DEFAULTS, **kept, **request})

    def delete(self, name: str) -> None:
        """Delete a project; its builds stay, and run on.

        Args:
            name: Its name. One that isn't there is fine.
        """
        self._store.pop(_name(name), None)

    def names(self) -> list[str]:
        """Return the names of all, in order."""
        return sorted(self._store)

    def find(self, names: list[str]) -> Data:
        """Return those of these projects that there are, and the names of the others.

        Args:
            names: Names or ARNs.
        """
        found = [name for name in names if _name(name) in self._store]
        return {
            "projects": [self.get(name) for name in found],
            "projectsNotFound": [name for name in names if name not in found],
        }

    def _put(self, project: Mapping[str, Any]) -> Data:
        data = {**copy.deepcopy(dict(project)), "lastModified": time.time()}
        self._store[data["name"]] = data
        return self.get(data["name"])


def _name(told: str) -> str:
    return told.rpartition(":project/")[2] if told.startswith("arn:") else told
