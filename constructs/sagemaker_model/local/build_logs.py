"""Builds of the local AWS, and what they write as they run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sagemaker_model.local.clients import Clients
from sagemaker_model.logs.log_reader import LogReader, LogStream


@dataclass(frozen=True)
class Build:
    """A build of CodeBuild.

    Args:
        id: Its id, ``project:uuid``.
        region: Its Region.
        status: Such as ``IN_PROGRESS``.
        started: When it was started.
        group: Its log group; empty until it has one.
        stream: Its log stream.
    """

    id: str
    region: str
    status: str
    started: dt.datetime
    group: str
    stream: str

    @property
    def project(self) -> str:
        """Name of its project."""
        return self.id.partition(":")[0]


def builds(clients: Clients, regions: Iterable[str]) -> list[Build]:
    """Return all builds, the newest first.

    Args:
        clients: Clients of the local AWS.
        regions: Where to look.
    """
    found = [build for region in regions for build in _of_region(clients, region)]
    return sorted(found, key=lambda build: build.started, reverse=True)


def _of_region(clients: Clients, region: str) -> Iterator[Build]:
    codebuild = clients.client("codebuild", region)
    ids = codebuild.list_builds()["ids"]
    # The service takes at most a hundred at once.
    for first in range(0, len(ids), 100):
        for told in codebuild.batch_get_builds(ids=ids[first : first + 100])["builds"]:
            yield _build(told, region)


def _build(told: dict[str, Any], region: str) -> Build:
    logs = told.get("logs", {})
    return Build(
        id=told["id"],
        region=region,
        status=told["buildStatus"],
        started=told["startTime"],
        group=logs.get("groupName", ""),
        stream=logs.get("streamName", ""),
    )


class BuildLogs:
    """Tells what builds write, each line once, of those that begin after a moment.

    Args:
        clients: Clients of the local AWS.
        regions: Where to look.
        since: Builds that began before that are old.
    """

    def __init__(self, clients: Clients, regions: Iterable[str], since: dt.datetime) -> None:
        self._clients = clients
        self._regions = list(regions)
        self._since = since
        self._reader = LogReader(clients)

    def news(self) -> list[tuple[str, str]]:
        """Return the new lines, each with the name of the build's project."""
        told = []
        for build in reversed(builds(self._clients, self._regions)):
            if build.started >= self._since and build.group:
                stream = LogStream(build.group, build.stream, build.region)
                told += [(build.project, line.text) for line in self._reader.news(stream)]
        return told
