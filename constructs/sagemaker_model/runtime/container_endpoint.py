"""The client of a container that is asked by its URL."""

from __future__ import annotations

from typing import Any

from sagemaker_model.runtime.aws_failure import told_as_endpoint_errors
from sagemaker_model.runtime.container_client import ENGINE_HEADER, ContainerClient
from sagemaker_model.runtime.endpoint import Endpoint
from sagemaker_model.runtime.protocol.protocols import PROTOCOLS
from sagemaker_model.runtime.raw_endpoint import TIMEOUT


class ContainerEndpoint(Endpoint):
    """A container of SageMaker's contract, asked without AWS in the words of :class:`Endpoint`.

    Such as one that ``sagemaker-model serve`` or ``docker run`` started on this machine.

    Args:
        url: Where it listens, such as ``http://127.0.0.1:8080``; requests go to ``/invocations``
            below it.
        engine: Name of the engine or of its image family, such as ``"vllm"``. Default: the
            container tells, which only ``sagemaker-model serve`` does.
        timeout: How long an answer, or the next part of a stream, may take, in seconds. Default:
            70, as for an endpoint.

    Raises:
        ValueError: *url* can't be one, *engine* is not known or *timeout* is not above 0.
    """

    def __init__(self, url: str, *, engine: str | None = None, timeout: float = TIMEOUT) -> None:
        self._container = ContainerClient(url, timeout=timeout)
        super().__init__(
            self._container.url, engine=engine, client=self._container, timeout=timeout
        )

    def _find_engine(self) -> str:
        with told_as_endpoint_errors(self._timeout):
            told = self._container.ping().get(ENGINE_HEADER)
        if told is None:
            raise ValueError(
                f"the container at {self.name} does not tell its engine; give engine= (on the "
                f"command line --engine), one of {', '.join(PROTOCOLS)}"
            )
        return told

    def _client(self, service: str) -> Any:
        if service != "sagemaker-runtime":
            raise ValueError(
                f"the container at {self.name} is asked directly, where nothing is queued; use "
                "invoke"
            )
        return super()._client(service)
