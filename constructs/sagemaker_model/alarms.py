"""The alarms that every endpoint should have, as far as it publishes what they watch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from aws_cdk import Duration
from constructs import Construct

from sagemaker_model.alarm_watches import Trigger, Watch, watches
from sagemaker_model.metric_names import GPU

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch

    from sagemaker_model.endpoint_metrics import EndpointMetrics


class AlarmThresholds(TypedDict, total=False):
    """When the default alarms go off; None is no such alarm. See :class:`DefaultAlarms`."""

    server_errors: int | None
    client_errors: int | None
    failures: int | None
    latency: Duration | None
    concurrency: float | None
    backlog: int | None
    oldest_request: Duration | None
    no_capacity: Duration | None
    gpu_memory: float | None
    disk: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultAlarms:
    """The alarms that were made for a model; None where one was not.

    ``model.add_default_alarms(…)`` makes them. All can be iterated over, to give each an action.

    Args:
        server_errors: Answers with a 5xx status in three minutes of five.
        client_errors: Answers with a 4xx status in three minutes of five.
        failures: Requests of a queue that failed, for any reason, in three minutes of five.
        latency: The time that the slowest hundredth of requests takes the container at least, in
            three minutes of five.
        concurrency: Share of a serverless endpoint's maximum concurrency that is in use, in
            three minutes of five; more requests than that get an error.
        backlog: Requests in the queue, for 15 minutes.
        oldest_request: Age of the oldest request in the queue, for 15 minutes.
        no_capacity: Requests that have waited, or failed, for so long while there was no instance
            of a queue, or no copy of an inference component.
        gpu_memory: Use of the GPUs' memory, for 15 minutes.
        disk: Use of the instances' disks, for 15 minutes.
    """

    server_errors: cloudwatch.Alarm | None = None
    client_errors: cloudwatch.Alarm | None = None
    failures: cloudwatch.Alarm | None = None
    latency: cloudwatch.Alarm | None = None
    concurrency: cloudwatch.Alarm | None = None
    backlog: cloudwatch.Alarm | None = None
    oldest_request: cloudwatch.Alarm | None = None
    no_capacity: cloudwatch.Alarm | None = None
    gpu_memory: cloudwatch.Alarm | None = None
    disk: cloudwatch.Alarm | None = None

    def __iter__(self) -> Iterator[cloudwatch.Alarm]:
        """Return those that were made."""
        made = (getattr(self, each.name) for each in fields(self))
        return (alarm for alarm in made if alarm is not None)


class Watched(NamedTuple):
    """What alarms can watch.

    Args:
        endpoint: What publishes the metrics.
        published: Names of those that it publishes.
        gpus: Over how many GPUs their percentages are added up; None where that is not known.
    """

    endpoint: EndpointMetrics
    published: frozenset[str]
    gpus: int | None


def make_alarms(scope: Construct, watched: Watched, given: AlarmThresholds) -> DefaultAlarms:
    """Make those alarms whose metrics are published.

    Args:
        scope: Where they are put.
        watched: What they watch.
        given: When they go off, where that is not the default.

    Raises:
        TypeError: A threshold is of another type, or is none of an alarm.
        ValueError: A threshold is out of range, or nothing publishes what it is about.
    """
    _check_names(given)
    wanted = {watch: given.get(watch.name, watch.default) for watch in watches()}
    triggers = {
        watch: watch.trigger(watch.name, threshold)
        for watch, threshold in wanted.items()
        if threshold is not None and _can_watch(watched, watch, given)
    }
    parent = Construct(scope, "Alarms")
    return DefaultAlarms(
        **{each.name: _alarm(parent, watched, each, trigger) for each, trigger in triggers.items()}
    )


def _alarm(scope: Construct, watched: Watched, watch: Watch, trigger: Trigger) -> cloudwatch.Alarm:
    from aws_cdk import aws_cloudwatch as cloudwatch

    name = next(each for each in watch.metrics if each in watched.published)
    metric = watched.endpoint.metric(name, period=Duration.seconds(trigger.period))
    # CloudWatch adds the percentages of an instance's GPUs up.
    devices = watched.gpus or 1 if name in GPU else 1
    return cloudwatch.Alarm(
        scope,
        watch.name.title().replace("_", ""),
        metric=metric if watch.statistic is None else metric.with_(statistic=watch.statistic),
        threshold=trigger.threshold * devices,
        evaluation_periods=trigger.periods,
        datapoints_to_alarm=trigger.breaching,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        # Where nobody asks, nothing is published, and nothing is wrong.
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        alarm_description=watch.says,
    )


def _can_watch(watched: Watched, watch: Watch, given: AlarmThresholds) -> bool:
    """Say whether a metric can be watched, or raise where the user wants it to be."""
    if watched.published.isdisjoint(watch.metrics):
        why = f"this endpoint does not publish {' or '.join(watch.metrics)}"
    elif watched.gpus is None and not GPU.isdisjoint(watch.metrics):
        why = "how many GPUs the instance type has is not known, and their percentages are added up"
    else:
        return True
    if watch.name in given:
        raise ValueError(f"{watch.name} can't be watched here: {why}; leave it out")
    return False


def _check_names(given: AlarmThresholds) -> None:
    names = [watch.name for watch in watches()]
    unknown = [name for name in given if name not in names]
    if unknown:
        raise TypeError(
            f"add_default_alarms has no {', '.join(unknown)}; it knows {', '.join(names)}"
        )
