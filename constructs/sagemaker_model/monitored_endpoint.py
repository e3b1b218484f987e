"""An endpoint of this app, as those see it who watch it: alarms, dashboards, logs and outputs."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple, Unpack

from sagemaker_model.endpoint import EndpointBase

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch

    from sagemaker_model.alarms import AlarmThresholds, DefaultAlarms


class Monitored(NamedTuple):
    """What is known of an endpoint that this app makes.

    Args:
        published: Names of the metrics that it publishes.
        gpus: How many GPUs an instance has; None where that is not known.
    """

    published: Collection[str]
    gpus: int | None


class MonitoredEndpoint(EndpointBase):
    """How an endpoint of this app is watched."""

    _alarms: DefaultAlarms | None = None

    @property
    @abstractmethod
    def model_id(self) -> str:
        """Id of the model; several are joined by commas."""

    @abstractmethod
    def _monitored(self) -> Monitored:
        """Return what is known of the endpoint."""

    def add_default_alarms(self, **thresholds: Unpack[AlarmThresholds]) -> DefaultAlarms:
        """Make the alarms that every endpoint should have.

        Those are made whose metrics the hosting publishes; where nobody asks, none goes off. They
        have no action yet: iterate over what is returned, and add yours to each. They may roll an
        update back as well (``roll_back_on``).

        Args:
            **thresholds: When they go off; None makes no such alarm. ``server_errors`` (1),
                ``client_errors`` (None) and ``failures`` (1) are numbers in a minute,
                ``concurrency`` (90), ``gpu_memory`` (98) and ``disk`` (90) are percentages,
                ``backlog`` (None) is a number of requests, and ``latency`` (None),
                ``oldest_request`` (None) and ``no_capacity`` (30 minutes) are a ``Duration``.
                :class:`DefaultAlarms` says what each looks at.

        Raises:
            TypeError: A threshold is of another type, or is none of an alarm.
            ValueError: A threshold is out of range, this endpoint does not publish what it is
                about, or the method was called before.
        """
        from sagemaker_model.alarms import Watched, make_alarms

        if self._alarms is not None:
            raise ValueError(
                "add_default_alarms was called before; use what the first call returned, and make "
                "further alarms of model.metric_…()"
            )
        known = self._monitored()
        self._alarms = make_alarms(self, Watched(self, known.published, known.gpus), thresholds)
        return self._alarms

    def dashboard_widgets(self) -> list[list[cloudwatch.IWidget]]:
        """Return rows of graphs of all that the hosting publishes, below a headline.

        ``cloudwatch.Dashboard(…, widgets=model.dashboard_widgets())`` shows them; rows of several
        models can be joined in one list.
        """
        from sagemaker_model.dashboard import make_widgets

        known = self._monitored()
        return make_widgets(self, f"## {self.model_id} at {self.endpoint_name}", known.published)
