"""A client that calls an endpoint all the time, and counts what fails."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.live import LocalAws

_PAUSE = 0.1


class Caller:
    """Calls an endpoint until it is told to stop; nothing is tried twice.

    Args:
        aws: The local AWS.
        endpoint: Name of the endpoint.
        body: What is sent, as JSON.
    """

    def __init__(self, aws: LocalAws, endpoint: str, body: object = "hello") -> None:
        self.answers: list[Any] = []
        self.failures: list[str] = []
        self._client = aws.client("sagemaker-runtime", attempts=1)
        self._endpoint, self._body = endpoint, json.dumps(body).encode()
        self._stop = threading.Event()

    @contextmanager
    def calling(self) -> Iterator[Caller]:
        thread = threading.Thread(target=self._run)
        thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            thread.join()

    def _run(self) -> None:
        while not self._stop.wait(_PAUSE):
            try:
                self.answers.append(self._call())
            except (ClientError, BotoCoreError) as error:
                self.failures.append(str(error))

    def _call(self) -> Any:
        answer = self._client.invoke_endpoint(
            EndpointName=self._endpoint, Body=self._body, ContentType="application/json"
        )
        return json.loads(answer["Body"].read())


@contextmanager
def callers(aws: LocalAws, *stacks: str) -> Iterator[dict[str, Caller]]:
    """Call the endpoints of several stacks at once."""
    made = {stack: Caller(aws, aws.endpoint(stack)) for stack in stacks}
    with ExitStack() as kept:
        for caller in made.values():
            kept.enter_context(caller.calling())
        yield made
