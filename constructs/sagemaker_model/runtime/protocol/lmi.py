"""Large Model Inference.

Sources: "LMI handlers Inference API Schema" and ``lmi_vllm/request_response_utils.py`` of
deepjavalibrary/djl-serving.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from sagemaker_model.runtime.parameters import Names, same, translated
from sagemaker_model.runtime.prompt_format import Message
from sagemaker_model.runtime.protocol.openai import BY_PROMPT, Vllm, sampled
from sagemaker_model.runtime.protocol.protocol import Body, Protocol, Values
from sagemaker_model.runtime.protocol.tgi import text_generation


class Lmi(Protocol):
    """LMI with vLLM: generations in Hugging Face's form, chats in vLLM's."""

    title = "LMI"
    names: ClassVar[Names] = {
        **same("do_sample", "seed", "temperature", "repetition_penalty", "top_k", "top_p"),
        **same("max_new_tokens", "details", "return_full_text", "truncate"),
        "stop": "stop_sequences",
    }
    """What a generation calls each parameter."""

    def generate(self, prompt: str, values: Values, *, stream: bool = False) -> Body:
        """Return a generation's request.

        The schema's name of the stop sequences is passed over where LMI hands a request on to vLLM
        as a completion (``async_mode``), which takes vLLM's own name: both are told.
        """
        named = translated(values, self.names, self.title)
        if "stop_sequences" in named:
            named["stop"] = named["stop_sequences"]
        return text_generation(prompt, named, stream=stream)

    def chat(self, messages: Sequence[Message], values: Values, *, stream: bool = False) -> Body:
        """Return a chat completion's request."""
        named = translated(sampled(values), Vllm.chat_names, "LMI's chat", BY_PROMPT)
        body = {"messages": [*messages], **named}
        return {**body, "stream": True} if stream else body

    def embed(self, texts: Sequence[str], values: Values) -> Body:
        """Return an embedding's request, which has no parameters."""
        return {"inputs": [*texts], **translated(values, {}, self.title)}


class LmiTensorRtLlm(Lmi):
    """LMI with TensorRT-LLM, whose own ``stop`` is another thing, and which cuts no prompts."""

    title = "LMI with TensorRT-LLM"
    names: ClassVar[Names] = {name: Lmi.names[name] for name in Lmi.names if name != "truncate"}

    def generate(self, prompt: str, values: Values, *, stream: bool = False) -> Body:
        """Return a generation's request."""
        named = translated(values, self.names, self.title)
        return text_generation(prompt, named, stream=stream)
