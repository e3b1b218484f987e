"""A conversation with a language model, on a terminal."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from dataclasses import asdict

from sagemaker_model.cli.console import err
from sagemaker_model.runtime import (
    Endpoint,
    EndpointError,
    Generation,
    GenerationStream,
    Message,
    Parameters,
    PromptFormat,
)
from sagemaker_model.runtime.pace import Pace


class Conversation:
    """What was said so far, and who answers.

    Args:
        endpoint: Who answers.
        parameters: How.
        prompt_format: How the chat is written as one prompt. Default: the model's own template
            does.
        system: A system message. Default: none.
        as_json: Whether each answer is printed as a line of JSON. Default: as text, while it is
            written.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        parameters: Parameters,
        prompt_format: PromptFormat | None = None,
        system: str | None = None,
        as_json: bool = False,
    ) -> None:
        self._endpoint = endpoint
        self._parameters = parameters
        self._prompt_format = prompt_format
        self._as_json = as_json
        self._said: list[Message] = []
        if system is not None:
            self._said.append({"role": "system", "content": system})

    def go_on(self, text: str) -> None:
        """Say something; what goes wrong is told, and the conversation goes on without it.

        Args:
            text: What to say.
        """
        try:
            self.say(text)
        except EndpointError as error:
            err.print("error:", str(error), style="red", markup=False)

    def say(self, text: str) -> None:
        """Say something, and print the answer. Ctrl-C ends it.

        Args:
            text: What to say.

        Raises:
            EndpointError: There is no answer; the type says why.
        """
        said: list[Message] = [*self._said, {"role": "user", "content": text}]
        pace = Pace()
        stream = self._endpoint.chat_stream(
            said, prompt_format=self._prompt_format, **self._parameters
        )
        # After Ctrl-C, what was written so far is the answer.
        with suppress(KeyboardInterrupt):
            self._print(stream, pace)
        answer = stream.generation
        self._said = [*said, {"role": "assistant", "content": answer.text}]
        if self._as_json:
            print(_told(answer, pace.seconds), flush=True)
        else:
            err.print(_figures(pace), style="dim", markup=False)

    def _print(self, stream: GenerationStream, pace: Pace) -> None:
        try:
            with stream:
                for event in stream:
                    pace.see(event)
                    if not self._as_json:
                        sys.stdout.write(event.text)
                        sys.stdout.flush()
        finally:
            if not self._as_json:
                print()


def _told(answer: Generation, seconds: float) -> str:
    told = {
        "text": answer.text,
        "finish_reason": answer.finish_reason,
        "usage": answer.usage and asdict(answer.usage),
        "seconds": round(seconds, 3),
    }
    return json.dumps(told, ensure_ascii=False)


def _figures(pace: Pace) -> str:
    cut_off = "; cut off, --max-new-tokens lets it go on" if pace.cut_off else ""
    return f"({pace}{cut_off})"
