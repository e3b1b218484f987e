"""A conversation with a language model, on a terminal."""

from __future__ import annotations

import sys
import time

from sagemaker_model.cli.console import err
from sagemaker_model.runtime import (
    Endpoint,
    EndpointError,
    Generation,
    Message,
    Parameters,
    PromptFormat,
)


class Conversation:
    """What was said so far, and who answers.

    Args:
        endpoint: Who answers.
        parameters: How.
        prompt_format: How the chat is written as one prompt. Default: the model's own template
            does.
        system: A system message. Default: none.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        parameters: Parameters,
        prompt_format: PromptFormat | None = None,
        system: str | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._parameters = parameters
        self._prompt_format = prompt_format
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
        """Say something, and print the answer while it is written. Ctrl-C ends it.

        Args:
            text: What to say.

        Raises:
            EndpointError: There is no answer; the type says why.
        """
        said: list[Message] = [*self._said, {"role": "user", "content": text}]
        begun = time.monotonic()
        stream = self._endpoint.chat_stream(
            said, prompt_format=self._prompt_format, **self._parameters
        )
        try:
            with stream:
                for event in stream:
                    sys.stdout.write(event.text)
                    sys.stdout.flush()
        except KeyboardInterrupt:
            # What was written so far is the answer.
            pass
        finally:
            print()
        answer = stream.generation
        self._said = [*said, {"role": "assistant", "content": answer.text}]
        err.print(_figures(answer, time.monotonic() - begun), style="dim", markup=False)


def _figures(answer: Generation, seconds: float) -> str:
    tokens = answer.usage.completion_tokens if answer.usage else None
    counted = f"{tokens} tokens, " if tokens else ""
    cut_off = (
        "; cut off, --max-new-tokens lets it go on" if answer.finish_reason == "length" else ""
    )
    return f"({counted}{seconds:.1f} s{cut_off})"
