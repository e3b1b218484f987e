"""The log of something by its name, as it grows."""

from __future__ import annotations

import datetime as dt

from sagemaker_model.aws import Aws
from sagemaker_model.logs.log_groups import build_streams, groups_of
from sagemaker_model.logs.log_reader import Line, LogReader, LogStream, newest_streams


class Tail:
    """Tells what the containers of something, or its build, wrote.

    Args:
        aws: Makes the clients of AWS.
        name: An endpoint, an inference component, or a stack; of builds, see
            :func:`~sagemaker_model.logs.log_groups.build_streams`.
        build: Whether the build's log is meant. Default: that of the containers.
        last: How many lines of each stream are told at first. Default: all.
        since: Lines before that are left out. Default: none is.

    Raises:
        ValueError: There is nothing of that name.
    """

    def __init__(
        self,
        aws: Aws,
        name: str,
        *,
        build: bool = False,
        last: int | None = None,
        since: dt.datetime | None = None,
    ) -> None:
        self._aws = aws
        self._name = name
        self._groups = None if build else groups_of(aws, name)
        self._reader = LogReader(aws, last=last, since=since)

    def news(self) -> list[Line]:
        """Return what was written since the last call, in the order of time."""
        read = [line for stream in self._streams() for line in self._reader.news(stream)]
        return sorted(read, key=lambda line: line.time)

    def _streams(self) -> list[LogStream]:
        # Asked for each time: a new instance, or build, has one of its own.
        if self._groups is None:
            return build_streams(self._aws, self._name)
        return [stream for group in self._groups for stream in newest_streams(self._aws, group)]
