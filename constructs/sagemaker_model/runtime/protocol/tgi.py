"""Text Generation Inference.

Sources: ``router/src/sagemaker.rs`` and ``docs/openapi.json`` of
huggingface/text-generation-inference. Chats are answered since 2.4, and by releases from 1.4 on
with ``MESSAGES_API_ENABLED``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sagemaker_model.runtime.parameters import GENERATION, same, translated
from sagemaker_model.runtime.prompt_format import Message
from sagemaker_model.runtime.protocol.openai import BY_PROMPT, CHAT_NAMES, sampled, streamed
from sagemaker_model.runtime.protocol.protocol import Body, Protocol, Values

_NAMES = same(*GENERATION)


class Tgi(Protocol):
    """TGI: the names are its own, so it has them all."""

    title = "TGI"

    def generate(self, prompt: str, values: Values, *, stream: bool = False) -> Body:
        """Return a generation's request, whose answer repeats the prompt only if asked to.

        Raises:
            ValueError: A stream is asked for the best of several.
        """
        if stream and values.get("best_of", 1) > 1:
            raise ValueError(
                f"best_of={values['best_of']} can't be streamed, as the best one is known at the "
                "end; leave it out, or use generate"
            )
        return text_generation(prompt, translated(values, _NAMES, self.title), stream=stream)

    def chat(self, messages: Sequence[Message], values: Values, *, stream: bool = False) -> Body:
        """Return a chat completion's request; releases before 2 want a model's name."""
        named = translated(sampled(values), CHAT_NAMES, "TGI's chat", BY_PROMPT)
        body = {"model": "tgi", "messages": [*messages], **named}
        return {**body, **streamed()} if stream else body


def text_generation(prompt: str, named: dict[str, Any], *, stream: bool) -> Body:
    """Return a request of Hugging Face's form, whose answer has no prompt unless asked to.

    Left to themselves TGI on SageMaker and transformers repeat the prompt, and LMI does not.
    """
    body: Body = {"inputs": prompt, "parameters": {"return_full_text": False, **named}}
    return {**body, "stream": True} if stream else body
