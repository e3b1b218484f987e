"""What answers for a program that can't run here: in its protocol, and never as if it were it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sagemaker_model.local.serving.answers import ANSWERED_BY, Answer, StreamedAnswer
from sagemaker_model.local.serving.model_data import discard
from sagemaker_model.local.serving.protocols import Protocol, Reply


@dataclass(frozen=True)
class StandIn:
    """A worker without a program.

    Args:
        what: What it stands in for, for example ``"vLLM"``.
        protocol: How that answers.
        model: Its model folder, which is deleted when it stops.
        failure: Why the real one would end as soon as it starts. Default: it would not.
    """

    what: str
    protocol: Protocol
    model: Path
    failure: str | None = None

    @property
    def note(self) -> str:
        """That it is none of the real thing."""
        return f"a stand-in answers for {self.what}: its texts and figures are no model's"

    def exited(self) -> str | None:
        """Return why the real program would have ended; None where nothing tells."""
        return self.failure

    def ready(self) -> bool:
        """Tell whether it answers: at once, unless the real one would have ended."""
        return self.failure is None

    def invoke(self, body: bytes, headers: Mapping[str, str], timeout: float) -> Answer:
        """Return the answer to a request; it takes no time.

        Args:
            body: The request, an object of JSON.
            headers: Its headers; they change nothing.
            timeout: How long it may take.
        """
        answer = self.stream(body, headers, timeout)
        return Answer(answer.status, answer.headers, b"".join(answer.parts))

    def stream(self, body: bytes, headers: Mapping[str, str], timeout: float) -> StreamedAnswer:
        """Return the answer to a request in its parts.

        Args:
            body: The request, an object of JSON.
            headers: Its headers; they change nothing.
            timeout: How long each part may take.
        """
        del headers, timeout
        reply = self._reply(body)
        says = f"stand-in for {self.what}, no model"
        told = {"content-type": reply.content_type, ANSWERED_BY: says}
        return StreamedAnswer(reply.status, told, iter(reply.parts))

    def stop(self) -> None:
        """Delete the model folder; no program runs."""
        discard(self.model)

    def _reply(self, body: bytes) -> Reply:
        try:
            request = json.loads(body)
        except ValueError:
            request = None
        if not isinstance(request, dict):
            error = {"error": 'the body is no object of JSON; send one, such as {"inputs": …}'}
            return Reply([json.dumps(error).encode()], status=400)
        return self.protocol(request)
