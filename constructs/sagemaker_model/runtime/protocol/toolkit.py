"""The Hugging Face toolkit: a pipeline of transformers, or one of the ready handlers.

Sources: "Pipelines" of transformers' documentation for text generation, which also takes chats; the
READMEs in ``custom_inference/`` for embeddings and scores.
"""

from __future__ import annotations

from collections.abc import Sequence

from sagemaker_model.runtime.parameters import Names, same, translated
from sagemaker_model.runtime.prompt_format import Message
from sagemaker_model.runtime.protocol.protocol import Body, Protocol, Values

_NAMES: Names = {
    **same("max_new_tokens", "temperature", "top_k", "top_p", "typical_p", "repetition_penalty"),
    **same("do_sample", "return_full_text"),
    "stop": "stop_sequence",
}


class Toolkit(Protocol):
    """The toolkit. It does not stream: the answer comes in one piece."""

    title = "the Hugging Face toolkit"
    streams = False

    def generate(self, prompt: str, values: Values, *, stream: bool = False) -> Body:
        """Return a request to the text-generation pipeline."""
        del stream
        return {"inputs": prompt, "parameters": self._parameters(values)}

    def chat(self, messages: Sequence[Message], values: Values, *, stream: bool = False) -> Body:
        """Return a request to the text-generation pipeline, which knows chats by their form."""
        del stream
        return {"inputs": [*messages], "parameters": self._parameters(values)}

    def embed(self, texts: Sequence[str], values: Values) -> Body:
        """Return a request to the ready handlers that make embeddings."""
        named = translated(values, same("type", "prompt_name", "model"), self.title)
        return {"type": "embeddings", "inputs": [*texts], **named}

    def rerank(self, query: str, texts: Sequence[str], values: Values) -> Body:
        """Return a request to the ready handlers with a cross-encoder."""
        named = translated(values, same("raw_scores", "model"), self.title)
        return {"type": "cross-encoder", "query": query, "passages": [*texts], **named}

    def _parameters(self, values: Values) -> Body:
        stop = values.get("stop", [])
        if len(stop) > 1:
            raise ValueError(
                f"the text-generation pipeline takes one stop sequence, of one token; got {stop!r}"
            )
        named = translated(values, _NAMES, self.title)
        if "stop_sequence" in named:
            (named["stop_sequence"],) = stop
        return {"return_full_text": False, **named}
