"""OpenAI's API, which vLLM has whole, and SGLang and llama.cpp for chats.

Sources: ``vllm/entrypoints/sagemaker/routes.py`` of vLLM, which tries a request as one after the
other of chat, completion, embedding and rerank; ``sagemaker_chat_completions`` of SGLang's
``http_server.py`` and the entrypoint of AWS's llama.cpp image, which take chats alone; the request
classes of their servers for the names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from sagemaker_model.runtime.parameters import Names, same, translated
from sagemaker_model.runtime.prompt_format import Message
from sagemaker_model.runtime.protocol.protocol import Body, Protocol, Values

CHAT_NAMES: Names = {
    **same("temperature", "top_p", "seed", "stop"),
    "max_new_tokens": "max_tokens",
    "details": "logprobs",
}
"""What every chat API calls its parameters; ``do_sample`` is a matter of the temperature."""
BY_PROMPT = "leave it out, chat with prompt_format=, which generates from a prompt"


class OpenAi(Protocol):
    """An engine with OpenAI's chats."""

    chat_names: ClassVar[Names]
    """What a chat calls each parameter."""

    def chat(self, messages: Sequence[Message], values: Values, *, stream: bool = False) -> Body:
        """Return a chat completion's request; streamed, it also asks for the number of tokens."""
        named = sampled(values)
        body = {
            "messages": [*messages],
            **translated(named, self.chat_names, f"{self.title}'s chat"),
        }
        return {**body, **streamed()} if stream else body


class Vllm(OpenAi):
    """vLLM: a request's fields tell what is asked. The model's name may be left out."""

    title = "vLLM"
    chat_names: ClassVar[Names] = {
        **CHAT_NAMES,
        **same("top_k", "repetition_penalty"),
        "truncate": "truncate_prompt_tokens",
    }
    completion_names: ClassVar[Names] = {**chat_names, "return_full_text": "echo"}
    """What a completion calls each parameter."""

    def generate(self, prompt: str, values: Values, *, stream: bool = False) -> Body:
        """Return a completion's request; streamed, it also asks for the number of tokens."""
        named = translated(sampled(values), self.completion_names, self.title)
        if named.pop("logprobs", False):
            named["logprobs"] = 1
        body = {"prompt": prompt, **named}
        return {**body, **streamed()} if stream else body

    def embed(self, texts: Sequence[str], values: Values) -> Body:
        """Return an embedding's request."""
        return {"input": [*texts], **translated(values, same("dimensions", "model"), self.title)}

    def rerank(self, query: str, texts: Sequence[str], values: Values) -> Body:
        """Return a rerank request."""
        named = translated(values, same("model"), self.title)
        return {"query": query, "documents": [*texts], **named}


class Sglang(OpenAi):
    """SGLang: chats alone."""

    title = "SGLang"
    chat_names: ClassVar[Names] = {**CHAT_NAMES, **same("top_k", "repetition_penalty")}


class LlamaCpp(OpenAi):
    """llama.cpp: chats alone, with names of its own for some parameters."""

    title = "llama.cpp"
    chat_names: ClassVar[Names] = {
        **CHAT_NAMES,
        **same("top_k", "typical_p"),
        "repetition_penalty": "repeat_penalty",
    }


def sampled(values: Values) -> dict[str, Any]:
    """Return parameters with ``do_sample`` said by the temperature, as OpenAI's API has it.

    Raises:
        ValueError: The two contradict each other.

    >>> sampled({"do_sample": False, "seed": 1})
    {'seed': 1, 'temperature': 0}
    """
    rest = {name: value for name, value in values.items() if name != "do_sample"}
    if "do_sample" not in values:
        return rest
    temperature = values.get("temperature")
    if temperature is not None and values["do_sample"] == (temperature == 0):
        raise ValueError(
            f"do_sample={values['do_sample']} and temperature={temperature} contradict each "
            "other; leave out one of them"
        )
    return rest if values["do_sample"] else {**rest, "temperature": 0}


def streamed() -> Body:
    """Return the fields that ask for a stream with the number of tokens at its end."""
    return {"stream": True, "stream_options": {"include_usage": True}}
