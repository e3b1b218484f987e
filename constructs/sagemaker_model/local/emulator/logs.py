"""CloudWatch Logs, written as AWS's own services write them."""

from __future__ import annotations

import time
from collections.abc import Sequence

from ministack.services import cloudwatch_logs

HOOKS = (
    "ministack.services.cloudwatch_logs:_create_log_group",
    "ministack.services.cloudwatch_logs:_create_log_stream",
    "ministack.services.cloudwatch_logs:_put_log_events",
    "ministack.services.cloudwatch_logs:_log_groups",
)


def append(group: str, stream: str, lines: Sequence[str]) -> None:
    """Append lines to a stream, which is made with its group where it isn't there.

    Args:
        group: Name of the log group.
        stream: Name of the stream.
        lines: The lines; empty ones are left out, as CloudWatch Logs takes none.
    """
    names = {"logGroupName": group, "logStreamName": stream}
    if group not in cloudwatch_logs._log_groups:  # noqa: SLF001
        cloudwatch_logs._create_log_group({"logGroupName": group})  # noqa: SLF001
    if stream not in cloudwatch_logs._log_groups[group]["streams"]:  # noqa: SLF001
        cloudwatch_logs._create_log_stream(names)  # noqa: SLF001
    now = int(time.time() * 1000)
    events = [{"timestamp": now, "message": line} for line in lines if line]
    if events:
        cloudwatch_logs._put_log_events({**names, "logEvents": events})  # noqa: SLF001
