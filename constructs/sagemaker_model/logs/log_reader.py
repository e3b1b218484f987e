"""Lines of log streams, each once, on from where they were read before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sagemaker_model.aws import Aws

_STREAMS = 5


class LogStream(NamedTuple):
    """A stream of CloudWatch Logs.

    Args:
        group: Its log group.
        name: Its name.
        region: Its Region. Default: that of whoever reads.
    """

    group: str
    name: str
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a log.

    Args:
        time: When it was written.
        stream: Where it stands.
        text: What it says.
    """

    time: dt.datetime
    stream: LogStream
    text: str


class LogReader:
    """Reads log streams on from where it was.

    Args:
        aws: Makes the clients of AWS.
        last: How many lines of each stream are read at first, from its end. Default: all.
        since: Lines before that are left out. Default: none is.
    """

    def __init__(
        self, aws: Aws, *, last: int | None = None, since: dt.datetime | None = None
    ) -> None:
        self._aws = aws
        self._tokens: dict[LogStream, str] = {}
        self._first: dict[str, Any] = {"startFromHead": last is None}
        if last is not None:
            self._first["limit"] = last
        if since is not None:
            self._first["startTime"] = int(since.timestamp() * 1000)

    def news(self, stream: LogStream) -> list[Line]:
        """Return the lines that a stream has got since the last call.

        Args:
            stream: The stream; it need not be there yet.
        """
        lines: list[Line] = []
        while True:
            token = self._tokens.get(stream)
            answer = self._events(stream, token)
            if answer is None:
                return lines
            lines += [_line(stream, event) for event in answer["events"]]
            self._tokens[stream] = answer["nextForwardToken"]
            # CloudWatch Logs says so that there is no more.
            if answer["nextForwardToken"] == token:
                return lines

    def _events(self, stream: LogStream, token: str | None) -> Any:
        asked = {"startFromHead": True, "nextToken": token} if token else self._first
        logs = self._aws.client("logs", stream.region)
        try:
            return logs.get_log_events(
                logGroupName=stream.group, logStreamName=stream.name, **asked
            )
        except logs.exceptions.ResourceNotFoundException:
            return None


def newest_streams(aws: Aws, group: str, count: int = _STREAMS) -> list[LogStream]:
    """Return the streams of a group that were written to last, the oldest first.

    Args:
        aws: Makes the clients of AWS.
        group: The group; it need not be there yet.
        count: How many at most. Default: 5.
    """
    logs = aws.client("logs")
    try:
        told = logs.describe_log_streams(
            logGroupName=group, orderBy="LastEventTime", descending=True, limit=count
        )
    except logs.exceptions.ResourceNotFoundException:
        return []
    return [LogStream(group, each["logStreamName"]) for each in reversed(told["logStreams"])]


def _line(stream: LogStream, event: Mapping[str, Any]) -> Line:
    time = dt.datetime.fromtimestamp(event["timestamp"] / 1000, dt.UTC)
    return Line(time, stream, str(event["message"]).rstrip())
