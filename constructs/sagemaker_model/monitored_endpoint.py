"""An endpoint of this app, as those see it who watch it: alarms, dashboards, logs and outputs."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, Unpack

from sagemaker_model.endpoint import EndpointBase

if TYPE_CHECKING:
    from aws_cdk import CfnOutput
    from aws_cdk import aws_cloudwatch as cloudwatch
    from constructs import Construct

    from sagemaker_model.alarms import AlarmThresholds, DefaultAlarms


class Monitored(NamedTuple):
    """What is known of an endpoint that this app makes.

    Args:
        published: Names of the metrics that it publishes.
        gpus: Over how many GPUs their percentages are added up; None where that is not known.
        openai: Whether SageMaker and the container have a path for clients of OpenAI.
    """

    published: frozenset[str]
    gpus: int | None
    openai: bool


class MonitoredEndpoint(EndpointBase):
    """How an endpoint of this app is watched."""

    _alarms: DefaultAlarms | None = None
    _outputs: Mapping[str, CfnOutput] | None = None
    _logs_retained: bool = False

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

    def add_outputs(
        self, *, prefix: str | None = None, openai: bool | None = None
    ) -> Mapping[str, CfnOutput]:
        """Have the stack tell the endpoint's name, and where it is found.

        ``EndpointName`` is its name, ``InferenceComponentName`` that of the model's component on
        a shared one, ``Console`` a link, and ``OpenAiUrl`` the base URL for clients of OpenAI.
        None of them is exported.

        Args:
            prefix: What the outputs' names begin with, letters and digits: ``"Chat"`` makes
                ``ChatEndpointName``, and ``""`` ``EndpointName``. Default: CDK makes names up,
                which differ for each model of a stack.
            openai: Whether ``OpenAiUrl`` is told. Default: of a real-time endpoint whose engine
                is vLLM or SGLang ("Invoke endpoints with OpenAI-compatible APIs",
                realtime-endpoints-openai-compatible); give True for a container of yours that
                answers ``/v1/chat/completions``.

        Returns:
            The outputs by these names.

        Raises:
            ValueError: *prefix* can't be part of a name, or the method was called before.
        """
        from sagemaker_model.outputs import Told, make_outputs

        if self._outputs is not None:
            raise ValueError("add_outputs was called before; use what the first call returned")
        has_path = self._monitored().openai if openai is None else openai
        publisher = self._publisher()
        component = publisher.name if publisher.component else None
        self._outputs = make_outputs(self, Told(self.endpoint_name, component, has_path), prefix)
        return self._outputs

    def retain_logs(self, days: int) -> Construct:
        """Keep what the containers log for so many days; without it, for ever.

        A function of aws-cdk-lib calls CloudWatch Logs. It makes the log group where SageMaker
        has not, and deletes nothing with the stack.

        Args:
            days: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192,
                2557, 2922, 3288 or 3653.

        Returns:
            What to depend on where the log group must be there, as for a metric filter.

        Raises:
            TypeError: *days* is no whole number.
            ValueError: CloudWatch Logs knows no such retention, or the method was called before.
        """
        from sagemaker_model.log_retention import make_log_retention

        if self._logs_retained:
            raise ValueError("retain_logs was called before; call it once")
        retention = make_log_retention(self, self.log_group, days)
        self._logs_retained = True
        return retention
