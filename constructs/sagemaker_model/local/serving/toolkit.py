"""Containers of Hugging Face's inference image: the real toolkit with the real model."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from pathlib import Path

from sagemaker_model.local.serving.answers import Answer, StreamedAnswer
from sagemaker_model.local.serving.launcher import Launcher
from sagemaker_model.local.serving.loopback import ask, ask_streamed, is_healthy
from sagemaker_model.local.serving.model_data import discard
from sagemaker_model.local.serving.program_log import ProgramLog

_PATH = "/invocations"


class ToolkitWorker:
    """The toolkit's program with one model.

    Args:
        launcher: Starts it and ends it.
        model: The model folder, which is deleted when it stops.
        environment: Variables of the container and of its credentials.
        log: Takes each line that it writes, on a thread of its own.

    Raises:
        ServingError: The serving environment can't run it.
    """

    note: str | None = None
    port: int
    """Where it listens, on 127.0.0.1."""

    def __init__(
        self,
        launcher: Launcher,
        model: Path,
        environment: Mapping[str, str],
        log: Callable[[str], None],
    ) -> None:
        self._launcher = launcher
        self._model = model
        self._log = ProgramLog(log, name=f"log of {model.parent.name}")
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = int(listener.getsockname()[1])
            try:
                self._pid = launcher.start(model, environment, listener, self._log.descriptor)
            finally:
                self._log.close()

    def exited(self) -> str | None:
        """Return the last lines of its log, of which the last tells how it ended."""
        return self._log.ending()

    def ready(self) -> bool:
        """Tell whether the model is loaded."""
        return is_healthy(self.port)

    def invoke(self, body: bytes, headers: Mapping[str, str], timeout: float) -> Answer:
        """Return the answer to a request.

        Args:
            body: What was sent.
            headers: The request's headers.
            timeout: How long the answer may take, in seconds.

        Raises:
            TimeoutError: It took longer.
            ConnectionError: The program ended before it answered.
        """
        return ask(self.port, _PATH, body, headers, timeout)

    def stream(self, body: bytes, headers: Mapping[str, str], timeout: float) -> StreamedAnswer:
        """Return the answer to a request; the toolkit sends it whole.

        Args:
            body: What was sent.
            headers: The request's headers.
            timeout: How long the answer may take, in seconds.

        Raises:
            TimeoutError: It took longer.
            ConnectionError: The program ended before it answered.
        """
        return ask_streamed(self.port, _PATH, body, headers, timeout)

    def stop(self) -> None:
        """End the program and all that it started, and delete the model folder."""
        self._launcher.stop(self._pid)
        self._log.wait()
        discard(self._model)
