"""Lines of logs are read once each, as CloudWatch Logs pages them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from botocore.exceptions import ClientError

from fakes.stubbed_aws import StubbedAws
from sagemaker_model.logs.log_reader import LogReader, LogStream, newest_streams

GROUP = "/aws/sagemaker/Endpoints/Chat"
STREAM = LogStream(GROUP, "AllTraffic/i-1")
PLACE = {"logGroupName": GROUP, "logStreamName": STREAM.name}
NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def aws() -> StubbedAws:
    return StubbedAws()


def answers(aws: StubbedAws, *lines: str, token: str, expected: dict[str, Any]) -> None:
    at = int(NOON.timestamp() * 1000)
    events = [{"timestamp": at, "message": line} for line in lines]
    told = {"events": events, "nextForwardToken": token}
    aws.let("logs", "get_log_events", told, expected={**PLACE, **expected})


def test_all_pages_are_read_until_the_token_stays_the_same(aws: StubbedAws) -> None:
    answers(aws, "one", token="f/1", expected={"startFromHead": True})
    answers(aws, token="f/2", expected={"startFromHead": True, "nextToken": "f/1"})
    answers(aws, "two\n", token="f/3", expected={"startFromHead": True, "nextToken": "f/2"})
    answers(aws, token="f/3", expected={"startFromHead": True, "nextToken": "f/3"})

    read = LogReader(aws).news(STREAM)

    # An empty page is not the last one.
    assert [line.text for line in read] == ["one", "two"]
    assert {line.time for line in read} == {NOON}
    aws.all_was_asked()


def test_a_second_reading_goes_on_where_the_first_ended(aws: StubbedAws) -> None:
    answers(aws, "old", token="f/1", expected={"startFromHead": False, "limit": 1})
    answers(aws, token="f/1", expected={"startFromHead": True, "nextToken": "f/1"})
    answers(aws, "new", token="f/2", expected={"startFromHead": True, "nextToken": "f/1"})
    answers(aws, token="f/2", expected={"startFromHead": True, "nextToken": "f/2"})
    reader = LogReader(aws, last=1)

    assert [line.text for line in reader.news(STREAM)] == ["old"]
    assert [line.text for line in reader.news(STREAM)] == ["new"]


def test_lines_before_a_time_are_left_out(aws: StubbedAws) -> None:
    begun = {"startFromHead": True, "startTime": int(NOON.timestamp() * 1000)}
    answers(aws, "one", token="f/1", expected=begun)
    answers(aws, token="f/1", expected={"startFromHead": True, "nextToken": "f/1"})

    assert len(LogReader(aws, since=NOON).news(STREAM)) == 1


def test_what_is_not_there_yet_has_no_lines(aws: StubbedAws) -> None:
    aws.let("logs", "get_log_events", "ResourceNotFoundException")
    aws.let("logs", "describe_log_streams", "ResourceNotFoundException")

    assert LogReader(aws).news(STREAM) == []
    assert newest_streams(aws, GROUP) == []


def test_a_missing_right_is_no_missing_log(aws: StubbedAws) -> None:
    aws.let("logs", "get_log_events", "AccessDeniedException")
    aws.let("logs", "describe_log_streams", "AccessDeniedException")

    with pytest.raises(ClientError, match="AccessDenied"):
        LogReader(aws).news(STREAM)
    with pytest.raises(ClientError, match="AccessDenied"):
        newest_streams(aws, GROUP)


def test_the_newest_streams_come_in_the_order_of_time(aws: StubbedAws) -> None:
    newest_first = {"logStreams": [{"logStreamName": "new"}, {"logStreamName": "old"}]}
    asked = {"logGroupName": GROUP, "orderBy": "LastEventTime", "descending": True, "limit": 2}
    aws.let("logs", "describe_log_streams", newest_first, expected=asked)

    assert [stream.name for stream in newest_streams(aws, GROUP, 2)] == ["old", "new"]
